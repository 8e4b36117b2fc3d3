import { createHash } from 'node:crypto'
import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { redirect } from '../../http/reply.js'
import type { EmailLinkOpenings } from './email-link-openings.service.js'

const endpoint = frontendEndpointFactory<{ emailLinkOpenings: EmailLinkOpenings }>()

export const emailLinkEndpoints = [
  endpoint(
    'GET /verify',
    {
      operationId: 'verify',
      access: 'client',
      query: z.object({ token: z.string().max(8192), confirmed: z.boolean().optional() }),
    },
    async ({ query: { token, confirmed = false }, caller, services, request }) => {
      // A browser that looks ahead has not been told to open it.
      const how = { isConfirmed: confirmed, isDeliberate: !request.headers.has('sec-purpose') }
      const location = await services.emailLinkOpenings.open(token, how, caller)
      return location === undefined ? confirmationPage(token) : redirect(location, [], 303)
    },
  ),
]

/** Goes on by itself once somebody sees it; a button does the same without scripts. */
const SCRIPT = `
const go = () => { if (document.visibilityState === 'visible' && !document.prerendering) document.forms[0].submit() }
document.addEventListener('visibilitychange', go)
document.addEventListener('prerenderingchange', go)
go()
`
const POLICY = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'; frame-ancestors 'none'`

/** @param token that was checked, so that it has no characters which need escaping */
function confirmationPage(token: string): Response {
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Continue</title>
<form method="get">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="confirmed" value="true">
<button>Continue</button>
</form>
<script>${SCRIPT}</script>
</html>
`
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
    },
  })
}
