/** The sign-in page. Its forms would come from the browser packages, which this example does not use. */
export default function SignIn() {
  return (
    <>
      <h1>Sign in</h1>
      <p>In this example a test signs you in: it puts a session token into the cookie “__session”.</p>
    </>
  )
}
