interface Endpoint {
  id: string
  url: string
  description: string
  disabled: boolean
  eventTypes: string[] | null
}

interface Attempt {
  id: string
  msgId: string
  status: number
  responseStatusCode: number
  response: string
  responseDurationMs: number
  triggerType: number
  timestamp: string
}

interface Message {
  eventType: string
  payload: unknown
}

/**
 * Runs in the browser, so it uses nothing from outside itself. Opens the page with its key, once; the token it gets for it
 * stays in this tab. All that comes from endpoints and events is put in as text.
 */
export function showWebhooks({ key: given }: { key: string | null }): void {
  const KEPT = 'latchkey_webhooks'
  const list = document.getElementById('endpoints')!
  const note = document.getElementById('note')!
  const add = document.getElementById('add')!
  let opened: { appId: string; token: string }

  const element = (name: string, text = '', className = '') => {
    const made = document.createElement(name)
    made.textContent = text
    made.className = className
    return made
  }
  const say = (text: string, isBad = false) => {
    note.textContent = text
    note.className = isBad ? 'bad' : ''
  }

  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(new URL(`api/v1${path}`, location.href), {
      method,
      headers: { 'content-type': 'application/json', ...(opened ? { authorization: `Bearer ${opened.token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const answer = (text ? JSON.parse(text) : undefined) as unknown
    if (response.ok) return answer as T
    const { detail } = answer as { detail: string | { msg: string }[] }
    if (response.status === 401) sessionStorage.removeItem(KEPT)
    throw new Error(typeof detail === 'string' ? detail : detail.map(({ msg }) => msg).join('; '))
  }
  const app = <T>(method: string, path: string, body?: object) =>
    call<T>(method, `/app/${encodeURIComponent(opened.appId)}${path}`, body)

  /** A button that does one thing at a time, and says what is wrong. */
  const button = (text: string, run: () => Promise<void>, className = 'plain') => {
    const made = element('button', text, className) as HTMLButtonElement
    made.type = 'button'
    made.addEventListener('click', () => {
      made.disabled = true
      void run()
        .catch((error: Error) => say(error.message, true))
        .finally(() => (made.disabled = false))
    })
    return made
  }

  const asText = (value: unknown) => JSON.stringify(value, null, 2)

  const attemptDetails = (endpoint: Endpoint, attempt: Attempt, reload: () => Promise<void>) => {
    const details = element('details') as HTMLDetailsElement
    const summary = element('summary')
    const good = attempt.status === 0
    const code = attempt.responseStatusCode === 0 ? 'no answer' : String(attempt.responseStatusCode)
    summary.append(
      element('span', `${good ? 'Delivered' : 'Failed'} · ${code}`, good ? 'good' : 'bad'),
      element('span', attempt.msgId, 'path'),
      element('span', `${new Date(attempt.timestamp).toLocaleString()} · ${attempt.responseDurationMs} ms`, 'dim'),
    )
    details.append(summary)
    const show = async () => {
      const message = await app<Message>('GET', `/msg/${attempt.msgId}`)
      const resend = button('Send again', async () => {
        await app('POST', `/msg/${attempt.msgId}/endpoint/${endpoint.id}/resend`, {})
        say('It is on its way again.')
        setTimeout(() => void reload().catch(() => {}), 1500)
      })
      const actions = element('div', '', 'actions')
      actions.append(resend)
      details.append(
        element('h3', `Request: ${message.eventType}${attempt.triggerType === 1 ? ', sent again by hand' : ''}`),
        element('pre', `POST ${endpoint.url}\nsvix-id: ${attempt.msgId}\n\n${asText(message.payload)}`),
        element('h3', 'Answer'),
        element('pre', attempt.response || (attempt.responseStatusCode === 0 ? 'There was none.' : 'It is empty.')),
        actions,
      )
    }
    details.addEventListener('toggle', () => void show().catch((error: Error) => say(error.message, true)), {
      once: true,
    })
    return details
  }

  /** What was given up since a time, and on demand what was never sent. */
  const recovery = (endpoint: Endpoint, reload: () => Promise<void>) => {
    const since = element('select') as HTMLSelectElement
    since.setAttribute('aria-label', 'Since')
    for (const [hours, text] of [
      [1, 'of the last hour'],
      [24, 'of the last day'],
      [168, 'of the last week'],
    ] as const) {
      const option = element('option', text) as HTMLOptionElement
      option.value = String(hours)
      since.append(option)
    }
    const recover = (path: string, told: string) => async () => {
      const from = new Date(Date.now() - Number(since.value) * 3_600_000).toISOString()
      await app('POST', `/endpoint/${endpoint.id}/${path}`, { since: from })
      say(told)
      setTimeout(() => void reload().catch(() => {}), 1500)
    }
    const actions = element('div', '', 'actions')
    actions.append(
      button('Recover what failed', recover('recover', 'What failed is on its way again.')),
      button('Send what is missing', recover('replay-missing', 'What was never sent is on its way.')),
      since,
    )
    return actions
  }

  const endpointArticle = (endpoint: Endpoint) => {
    const article = element('article')
    const head = element('header')
    head.append(
      element('h2', endpoint.url),
      element('span', endpoint.disabled ? 'Disabled' : 'Enabled', endpoint.disabled ? 'bad' : 'good'),
    )
    const secret = element('code')
    const attempts = element('div')
    const loadAttempts = async () => {
      const { data } = await app<{ data: Attempt[] }>('GET', `/attempt/endpoint/${endpoint.id}?limit=50`)
      attempts.replaceChildren(...data.map((attempt) => attemptDetails(endpoint, attempt, loadAttempts)))
      if (data.length === 0) attempts.append(element('p', 'Nothing was sent here yet.', 'dim'))
    }
    const actions = element('div', '', 'actions')
    actions.append(
      button('Attempts', loadAttempts, ''),
      button('Show secret', async () => {
        const { key } = await app<{ key: string }>('GET', `/endpoint/${endpoint.id}/secret`)
        secret.textContent = secret.textContent ? '' : key
      }),
      button('Send example', async () => {
        const eventType = endpoint.eventTypes?.[0] ?? 'user.created'
        await app('POST', `/endpoint/${endpoint.id}/send-example`, { eventType })
        say('The example is on its way.')
        setTimeout(() => void loadAttempts().catch(() => {}), 1500)
      }),
      button(endpoint.disabled ? 'Enable' : 'Disable', async () => {
        await app('PATCH', `/endpoint/${endpoint.id}`, { disabled: !endpoint.disabled })
        await load()
      }),
      button('Delete', async () => {
        if (!confirm(`Delete ${endpoint.url}, with its history?`)) return
        await app('DELETE', `/endpoint/${endpoint.id}`)
        await load()
      }),
    )
    article.append(
      head,
      element(
        'p',
        [endpoint.description, endpoint.eventTypes?.join(', ') ?? 'all events'].filter(Boolean).join(' · '),
        'dim',
      ),
      secret,
      actions,
      recovery(endpoint, loadAttempts),
      attempts,
    )
    return article
  }

  const load = async () => {
    const { data } = await app<{ data: Endpoint[] }>('GET', '/endpoint?limit=250')
    list.replaceChildren(...data.map(endpointArticle))
    say(data.length === 0 ? 'No endpoints yet: events are kept, but sent to nobody.' : '')
    add.hidden = false
  }

  const open = async () => {
    const key = given ?? /^#key=([\w-]+)$/.exec(location.hash)?.[1] ?? null
    const kept = sessionStorage.getItem(KEPT)
    if (key === null && kept === null) return say('This page is opened by a link, which is good once.', true)
    if (key === null) opened = JSON.parse(kept!) as typeof opened
    else {
      history.replaceState(null, '', location.pathname)
      const { appId, oneTimeToken } = JSON.parse(atob(key.replaceAll('-', '+').replaceAll('_', '/'))) as {
        appId: string
        oneTimeToken: string
      }
      const { token } = await call<{ token: string }>('POST', '/auth/one-time-token', { oneTimeToken })
      opened = { appId, token }
      sessionStorage.setItem(KEPT, JSON.stringify(opened))
    }
    await load()
  }

  add.querySelector('form')!.addEventListener('submit', (event) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const text = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value.trim()
    const types = text('types')
      .split(/[\s,]+/)
      .filter(Boolean)
    void app('POST', '/endpoint', {
      url: text('url'),
      description: text('description'),
      ...(types.length > 0 ? { eventTypes: types } : {}),
    })
      .then(() => form.reset())
      .then(load)
      .catch((error: Error) => say(error.message, true))
  })
  void open().catch((error: Error) => say(error.message, true))
}
