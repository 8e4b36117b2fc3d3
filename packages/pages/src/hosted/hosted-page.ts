import type { PageInstance } from '@latchkey/types'
import { htmlDocument, plainText } from '../document.js'
import { callInBrowser, markup, type Html } from '../html.js'
import { hostedPages } from './components.js'
import { showHostedPage } from './script.js'
import { hostedStyle } from './style.js'

/**
 * Style elements that the components add without the nonce: those of the field for codes, an empty one that gets its rules
 * later and the blinking caret.
 */
const STYLES_WITHOUT_NONCE = [
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "'sha256-KQDhUccuEkZUQDnfbVDeY+ev2LZ+73AQR7ro4JppAY8='",
]

interface HostedPageOptions {
  instance: PageInstance
  /** Below the instance's base. */
  path: string
  /** Shown below the component, while developing. */
  footer: Html | null
}

/** A page that loads the published browser packages from this server and shows one of their components. */
export function hostedPage({ instance, path, footer }: HostedPageOptions): Response {
  const root = `/${path.split('/')[1]}`
  const page = hostedPages[root]
  if (!page) return plainText(404, `There is no hosted page ${path}.`)
  if (!instance.hasOrganizations && page.component.includes('Organization'))
    return withoutOrganizations(instance, footer !== null)
  const { name, publishableKey, frontendApiUrl, redirectOrigins, afterSignInUrl, afterSignUpUrl, colors } = instance
  const { origin, pathname } = new URL(frontendApiUrl)
  const base = pathname.replace(/\/$/, '')
  const hasHeader = ['UserProfile', 'OrganizationProfile', 'CreateOrganization'].includes(page.component)
  return htmlDocument({
    title: `${page.title} · ${name}`,
    policy: {
      // Chunks are loaded by the scripts, without the nonce.
      'script-src': ["'nonce'", "'self'", origin],
      'style-src': ["'nonce'", ...STYLES_WITHOUT_NONCE],
      'connect-src': ["'self'", origin],
      // The components show the marks of wallets and of WhatsApp from there.
      'img-src': ["'self'", origin, instance.imagesOrigin, 'data:', 'blob:', 'https://img.clerk.com'],
      // The poller that keeps the session's token fresh.
      'worker-src': ['blob:'],
    },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
          ${hostedStyle(colors)}
        </style>
        ${script(`${frontendApiUrl}/npm/@clerk/ui@1/dist/ui.browser.js`, nonce)}
        ${script(`${frontendApiUrl}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`, nonce, markup`data-clerk-publishable-key="${publishableKey}" data-clerk-proxy-url="${frontendApiUrl}"`)}`,
    body: (nonce) =>
      markup`${hasHeader ? markup`<header>${name}</header>` : null}
        <main>
          <div id="note" class="note" role="status">
            <h1>One moment</h1>
            <p>The page is loading.</p>
          </div>
          <noscript
            ><div class="note">
              <h1>This page needs JavaScript</h1>
              <p>Switch it on, then reload the page.</p>
            </div></noscript
          >
          <div id="component"></div>
        </main>
        ${footer === null ? null : markup`<footer>${footer}</footer>`}
        <script nonce="${nonce}">
          ${onceLoaded(
            callInBrowser(showHostedPage, {
              component: page.component,
              path: `${base}${root}`,
              nonce,
              urls: {
                signIn: `${frontendApiUrl}/sign-in`,
                signUp: `${frontendApiUrl}/sign-up`,
                waitlist: `${frontendApiUrl}/waitlist`,
                organization: `${frontendApiUrl}/organization`,
                afterSignIn: afterSignInUrl,
                afterSignUp: afterSignUpUrl,
              },
              redirectOrigins,
              pageOrigins: instance.pageOrigins,
              primaryColor: colors.primary,
            }),
          )}
        </script>`,
  })
}

const HOW_TO_SWITCH_ON = markup`<p>To switch them on: <code>PATCH /v1/instance/organization_settings</code> with
<code>{"enabled": true}</code>, or <code>instance.organization_settings.enabled</code> in a seed.</p>`

/** The components would show nothing. */
function withoutOrganizations({ name, colors }: PageInstance, isDevelopment: boolean): Response {
  return htmlDocument({
    title: name,
    status: 404,
    head: (nonce) => markup`<style nonce="${nonce}">${hostedStyle(colors)}</style>`,
    body: () => markup`<main>
<div class="note"><h1>There are no organizations here</h1><p>${name} has them switched off.</p>${isDevelopment ? HOW_TO_SWITCH_ON : null}</div>
</main>`,
  })
}

function script(src: string, nonce: string, attributes: Html | null = null): Html {
  return markup`<script defer crossorigin="anonymous" nonce="${nonce}" src="${src}" ${attributes}></script>`
}

/** After the deferred scripts. */
function onceLoaded(call: Html): Html {
  return markup`addEventListener('DOMContentLoaded', () => { ${call} })`
}
