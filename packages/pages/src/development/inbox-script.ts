import type { InboxMessage } from './inbox-message.js'

/**
 * Runs in the browser, so it uses nothing from outside itself. Asks for new messages, while the page is visible. All that
 * comes from messages is put in as text.
 */
export function showInbox({ url, every }: { url: string; every: number }): void {
  const list = document.getElementById('messages')!
  let last: number | undefined

  const element = (name: string, text = '', className = '') => {
    const made = document.createElement(name)
    made.textContent = text
    made.className = className
    return made
  }

  const copy = async (text: string, button: HTMLElement) => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
    } catch {
      button.textContent = 'Not allowed'
    }
    setTimeout(() => (button.textContent = 'Copy code'), 1500)
  }

  const show = ({ to, channel, status, subject, text, html, lastError, code, ...rest }: InboxMessage) => {
    const { links: addresses, createdAt, kind } = rest
    const article = element('article')
    const head = element('header')
    const gone = text === '' ? 'Its text is erased: its code or link was sent, was used or has expired.' : ''
    const title = subject ?? `${channel === 'sms' ? 'Text message' : 'Mail'}${kind === null ? '' : `: ${kind}`}`
    head.append(
      element('h2', title),
      element('span', `${to} · ${new Date(createdAt).toLocaleTimeString()} · ${status}`, 'dim'),
    )
    article.append(head)
    if (code !== null) {
      const row = element('div', '', 'code')
      const button = element('button', 'Copy code')
      button.addEventListener('click', () => void copy(code, button))
      row.append(element('output', code), button)
      article.append(row)
    }
    const links = element('div', '', 'links')
    for (const href of addresses) {
      const link = element('a', href)
      link.setAttribute('href', href)
      link.setAttribute('rel', 'noreferrer')
      links.append(link)
    }
    if (lastError !== null) article.append(element('p', lastError, 'bad'))
    const parts = element('div', '', 'parts')
    if (html !== null && text !== '') {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', '')
      frame.setAttribute('loading', 'lazy')
      frame.setAttribute('title', `HTML of ${title}`)
      frame.setAttribute('src', html)
      parts.append(frame)
    }
    parts.append(element('p', text || gone, 'text'))
    article.append(parts, links)
    list.prepend(article)
  }

  const refresh = async () => {
    if (document.visibilityState === 'visible') {
      const response = await fetch(last === undefined ? url : `${url}?after=${last}`)
      if (!response.ok) return
      const { messages } = (await response.json()) as { messages: InboxMessage[] }
      for (const message of messages) show(message)
      last = messages.at(-1)?.sequence ?? last ?? 0
      document.getElementById('empty')!.hidden = list.childElementCount > 0
    }
  }
  const loop = () =>
    void refresh()
      .catch(() => {})
      .finally(() => setTimeout(loop, every))
  loop()
}
