import type { Explanation } from './recorder.js'

/** Runs in the browser, so it uses nothing from outside itself. All text of requests is put in as text. */
export function showExplanations({ url, every }: { url: string; every: number }): void {
  const list = document.getElementById('requests')!
  let last = 0

  const element = (name: string, text = '', className = '') => {
    const made = document.createElement(name)
    made.textContent = text
    made.className = className
    return made
  }

  const rows = (title: string, named: [string, string][]) => {
    if (named.length === 0) return []
    const body = element('tbody')
    for (const [name, value] of named) {
      const row = element('tr')
      row.append(element('th', name), element('td', value))
      body.append(row)
    }
    const table = element('table')
    table.append(element('caption', title, 'dim'), body)
    return [table]
  }

  const show = (request: Explanation) => {
    const details = element('details')
    const summary = element('summary')
    summary.append(
      element('span', String(request.status), request.status < 400 ? 'good' : 'bad'),
      element('span', `${request.method} ${request.path}`, 'path'),
      element('span', `${new Date(request.at).toLocaleTimeString()} · ${Math.round(request.milliseconds)} ms`, 'dim'),
      element('span', request.errors[0] ?? request.decisions.at(-1) ?? '', 'dim rule'),
    )
    const decided = element('ul')
    for (const text of [...request.decisions, ...request.errors.map((code) => `Answered with the error ${code}.`)]) {
      decided.append(element('li', text))
    }
    details.append(
      summary,
      decided,
      ...rows('Request', [
        ...(request.operation === null ? [] : [['operation', request.operation] as [string, string]]),
        ...(request.origin === null ? [] : [['origin', request.origin] as [string, string]]),
        ...request.headers,
      ]),
      ...rows('Query', request.query),
      ...rows('Cookies', request.cookies),
      ...rows('Cookies set', request.setCookies),
      ...rows('Redirect', request.location === null ? [] : [['location', request.location]]),
    )
    list.prepend(details)
    if (list.childElementCount > 200) list.lastElementChild!.remove()
  }

  const refresh = async () => {
    if (document.visibilityState === 'visible') {
      const response = await fetch(`${url}?after=${last}`)
      if (!response.ok) return
      const { requests } = (await response.json()) as { requests: Explanation[] }
      for (const request of requests) show(request)
      last = requests.at(-1)?.sequence ?? last
      document.getElementById('empty')!.hidden = list.childElementCount > 0
    }
  }
  const loop = () =>
    void refresh()
      .catch(() => {})
      .finally(() => setTimeout(loop, every))
  loop()
}
