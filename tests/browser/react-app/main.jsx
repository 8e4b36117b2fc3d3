import {
  ClerkProvider,
  CreateOrganization,
  OrganizationProfile,
  OrganizationSwitcher,
  Show,
  SignIn,
  SignUp,
  TaskChooseOrganization,
  TaskResetPassword,
  TaskSetupMFA,
  UserButton,
  UserProfile,
  Waitlist,
  useReverification,
  useSession,
  useUser,
} from '@clerk/react'
import { createRoot } from 'react-dom/client'

/** Of the instance. In production the publishable key says where the server is, and that where the scripts are. */
const { publishableKey, frontendApiUrl, scripts } = window.config
const scriptUrls = scripts && {
  __internal_clerkJSUrl: `${scripts}/@clerk/clerk-js@6/dist/clerk.browser.js`,
  __internal_clerkUIUrl: `${scripts}/@clerk/ui@1/dist/ui.browser.js`,
}

const TASKS = {
  'choose-organization': '/tasks/choose-organization',
  'reset-password': '/tasks/reset-password',
  'setup-mfa': '/tasks/setup-mfa',
}

const PAGES = {
  '/sign-in': <SignIn path="/sign-in" withSignUp={window.location.hash === '#combined'} />,
  '/sign-up': <SignUp path="/sign-up" />,
  '/waitlist': <Waitlist />,
  '/user': <UserProfile path="/user" />,
  '/organization': <OrganizationProfile path="/organization" />,
  '/create-organization': <CreateOrganization path="/create-organization" />,
  '/tasks/choose-organization': <TaskChooseOrganization redirectUrlComplete="/" />,
  '/tasks/reset-password': <TaskResetPassword redirectUrlComplete="/" />,
  '/tasks/setup-mfa': <TaskSetupMFA redirectUrlComplete="/" />,
  // Not at home: where organizations are off, it asks for them with a dialog.
  '/switcher': <OrganizationSwitcher />,
  '/button': <UserButton />,
  '/rename': <Rename />,
}

function Home() {
  const { user } = useUser()
  const { session } = useSession()
  return (
    <>
      <header>
        <UserButton />
      </header>
      <Show when="signed-out">
        <p>Nobody is signed in.</p>
      </Show>
      <Show when="signed-in">
        <p id="user">{user?.id}</p>
        <p id="actor">{session?.actor?.sub ?? 'nobody else'}</p>
      </Show>
    </>
  )
}

/** Asks for a fresh factor when the server does, then repeats what it asked it for. */
function Rename() {
  const { user } = useUser()
  const rename = useReverification((username) => user.update({ username }))
  if (!user) return null
  return (
    <>
      <button onClick={() => rename('countess').catch((error) => console.warn(error.message))}>Rename</button>
      <p id="username">{user.username}</p>
    </>
  )
}

const { pathname } = window.location
const path = Object.keys(PAGES).find((path) => pathname === path || pathname.startsWith(`${path}/`))

createRoot(document.querySelector('#root')).render(
  <ClerkProvider
    publishableKey={publishableKey}
    proxyUrl={frontendApiUrl}
    {...scriptUrls}
    telemetry={false}
    signInUrl="/sign-in"
    signUpUrl="/sign-up"
    waitlistUrl="/waitlist"
    taskUrls={TASKS}
  >
    {path ? PAGES[path] : <Home />}
  </ClerkProvider>,
)
