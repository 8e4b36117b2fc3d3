import { developmentStyle } from '../development/style.js'
import { Html } from '../html.js'

export const webhooksStyle = new Html(`${developmentStyle.text}
#note:empty { display: none }
#note.bad { padding: 8px 12px; border: 1px solid currentColor; border-radius: 8px }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px }
.actions > * { min-height: 36px }
button.plain { color: var(--text); background: none; border: 1px solid var(--line) }
button[disabled] { opacity: .5; cursor: default }
select, input { padding: 7px 10px; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 6px; max-width: 100% }
label { display: block; margin-top: 12px; font-size: 14px; color: var(--dim) }
label input { display: block; width: 100%; margin-top: 4px; color: var(--text) }
form button { margin-top: 16px }
article h2 { font: 600 15px ui-monospace, monospace }
article details { background: var(--page) }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere }
h3 { margin: 12px 0 4px; font-size: 13px; color: var(--dim); font-weight: 600 }
pre { margin: 0; padding: 8px 12px; max-height: 320px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.5 ui-monospace, monospace; background: var(--card); border: 1px solid var(--line); border-radius: 6px }
`)
