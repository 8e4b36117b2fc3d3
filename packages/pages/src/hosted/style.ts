import type { PageColors } from '@latchkey/types'
import { Html } from '../html.js'

const FRAME = `
:root { --button: #1f2328; --on-button: #fff; --page: #f4f5f7; --on-page: #1f2328; --quiet: #57606a; --link: #0a58ca }
:root { color-scheme: light; font-family: system-ui, sans-serif; line-height: 1.5; color: var(--on-page); background: var(--page) }
*, ::before, ::after { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center }
main { flex: 1; width: 100%; display: flex; flex-direction: column; align-items: center; justify-content: center; padding: 24px 12px }
#component { display: flex; justify-content: center; width: 100% }
#component:empty { display: none }
header { width: 100%; max-width: 880px; padding: 20px 16px 0; font-weight: 600 }
footer { padding: 0 12px 16px; font-size: 13px; color: var(--quiet); text-align: center }
a { color: var(--link) }
.note { max-width: 400px; padding: 24px; text-align: center }
.note h1 { margin: 0 0 8px; font-size: 18px }
.note p { margin: 0 0 8px }
.card { width: 100%; max-width: 400px; padding: 32px 24px; --link: #0a58ca; color: #1f2328; background: #fff; border: 1px solid #d8dee4; border-radius: 12px }
.card h1 { margin: 0 0 12px; font-size: 20px; line-height: 1.3 }
.card dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 16px 0 }
.card dt { color: #57606a }
.card dd { margin: 0; overflow-wrap: anywhere }
.card button { width: 100%; padding: 10px 16px; font: inherit; font-weight: 600; color: var(--on-button); background: var(--button); border: 0; border-radius: 8px; cursor: pointer }
.card button:hover { opacity: 0.88 }
:is(footer a, .card button):focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
`

/** The frame around a component, which brings a card and styles of its own. */
export function hostedStyle({ primary, background }: PageColors): Html {
  const button = primary && `:root { --button: ${primary.color}; --on-button: ${primary.text} }`
  // Text in the other usual colours might not be read on it.
  const page =
    background &&
    `:root { --page: ${background.color}; --on-page: ${background.text}; --quiet: ${background.text}; --link: ${background.text} }`
  return new Html([FRAME, button, page].filter(Boolean).join('\n'))
}
