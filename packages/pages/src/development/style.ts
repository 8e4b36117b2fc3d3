import { Html } from '../html.js'

export const developmentStyle = new Html(`
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5;
  --text: #1f2328; --dim: #57606a; --page: #f4f5f7; --card: #fff; --line: #d8dee4; --link: #0a58ca; --good: #116329; --bad: #a40e26 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9198a1; --page: #0d1117; --card: #161b22; --line: #30363d; --link: #6cb0ff; --good: #56d364; --bad: #ff7b72 } }
*, ::before, ::after { box-sizing: border-box }
body { margin: 0 auto; max-width: 960px; padding: 24px 16px; color: var(--text); background: var(--page) }
a { color: var(--link) }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; margin-bottom: 16px }
nav strong { margin-right: auto }
nav strong a { color: inherit; text-decoration: none }
h1 { margin: 0 0 4px; font-size: 22px }
h2 { margin: 0; font-size: 15px; overflow-wrap: anywhere }
p { margin: 0 0 12px }
.dim { color: var(--dim) }
article, details { margin-top: 12px; padding: 12px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px }
article header { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; justify-content: space-between }
.code { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin: 8px 0 }
.code output { font: 600 28px ui-monospace, monospace; letter-spacing: .08em }
button { padding: 6px 14px; font: inherit; font-weight: 600; color: var(--card); background: var(--text); border: 0; border-radius: 6px; cursor: pointer }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
.links a { display: block; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-size: 14px }
iframe { width: 100%; min-height: 480px; border: 1px solid var(--line); border-radius: 6px }
.parts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 16px; margin-top: 8px }
.parts > .text { margin: 0 }
.text { margin: 8px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px }
summary { display: flex; flex-wrap: wrap; gap: 0 12px; cursor: pointer; overflow-wrap: anywhere }
summary::before { content: '+' / ''; width: 1ch; font-weight: 600 }
details[open] > summary::before { content: '−' / '' }
summary .path { flex: 1 1 200px; font-family: ui-monospace, monospace; font-size: 14px }
.good { color: var(--good) } .bad { color: var(--bad); font-weight: 600 }
caption { text-align: left; padding-top: 4px; font-size: 13px; font-weight: 600 }
summary .rule { flex-basis: 100%; font-size: 13px }
table { width: 100%; margin-top: 8px; border-collapse: collapse; font-size: 14px; table-layout: fixed }
th { width: 36%; padding: 4px 12px 4px 0; text-align: left; vertical-align: top; font-weight: 500; color: var(--dim); overflow-wrap: anywhere }
td { padding: 4px 0; vertical-align: top; overflow-wrap: anywhere }
ul { margin: 8px 0 0; padding-left: 20px }
`)

/** The bar above each page. */
export const NAVIGATION = new Html(
  '<nav><strong><a href="/">Latchkey</a></strong><a href="/inbox">Inbox</a><a href="/explain">Explain</a><a href="/webhooks">Webhooks</a><a href="/sign-in">Sign in</a><a href="/sign-up">Sign up</a><a href="/user">Account</a></nav>',
)
