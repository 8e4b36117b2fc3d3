/**
 * The part of the public mailbox service's API that the suite reads, answered from the servers' own inboxes.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string[]} servers their URLs
 */
export async function answerMailbox(request, response, servers) {
  const { pathname, searchParams } = new URL(request.url, 'https://mailsac.com')
  const text = /^\/api\/text\/[^/]+\/(.+)$/.exec(pathname)?.[1]
  const messages = (await Promise.all(servers.map(messagesOf))).flat()
  if (text) return response.end(messages.find(({ id }) => id === text)?.text ?? '')
  const [to, subject] = [searchParams.get('andTo'), searchParams.get('andSubjectIncludes') ?? '']
  const found = messages
    .filter((message) => message.to === to && message.subject?.toLowerCase().includes(subject.toLowerCase()))
    .toSorted((a, b) => b.createdAt - a.createdAt)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ messages: found.map(({ id, subject: of }) => ({ _id: id, subject: of })) }))
}

async function messagesOf(url) {
  const { messages } = await (await fetch(`${url}/inbox/messages`)).json()
  return messages.map((message) => ({
    ...message,
    id: `${new URL(url).port}-${message.sequence}`,
    text: [message.text, ...message.links].join('\n'),
  }))
}
