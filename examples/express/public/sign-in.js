import { loadClerk } from './clerk.js'

const clerk = await loadClerk()
// The server knows nobody, but the browser has a session: its cookie has just been renewed, so ask again.
if (clerk.user) location.reload()
else {
  const here = location.href
  clerk.mountSignIn(document.querySelector('#sign-in'), {
    routing: 'hash',
    withSignUp: true,
    forceRedirectUrl: here,
    signUpForceRedirectUrl: here,
  })
}
