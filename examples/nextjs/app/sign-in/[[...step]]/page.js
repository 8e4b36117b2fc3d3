import { SignInForm } from '../../../components/sign-in-form.js'
import { clientSettings } from '../../../variables.js'

// Settings are read when the page is asked for, so that a build needs none.
export const dynamic = 'force-dynamic'

/** The form has steps below this path, such as `/sign-in/factor-one`. */
export default function SignIn() {
  return (
    <>
      <h1>Sign in to the tea club</h1>
      <SignInForm settings={clientSettings()} />
    </>
  )
}
