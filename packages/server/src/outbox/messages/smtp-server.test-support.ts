import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

export interface ReceivedMail {
  from: string
  to: string[]
  /** Names in lower case. */
  headers: Record<string, string>
  /** HTML, or the text of mail that has none. */
  body: string
  text: string
  parsed: ParsedMail
  /** Whether it came over TLS. */
  secure: boolean
  /** As it was sent. */
  raw: string
}

/** An SMTP server on the network, which keeps what it takes. */
export class TestSmtpServer {
  readonly received: ReceivedMail[] = []
  /** What it answers to a mail, when it does not take it: throw `smtpError(550, …)`. */
  onMail: (mail: ReceivedMail) => void | Promise<void> = () => {}
  /** `user:password` it asks for; anybody is let in when it is undefined. */
  credentials: string | undefined
  #server: SMTPServer | undefined
  #port = 0

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`
  }

  /** On the port it had before, if it was stopped. */
  async start(): Promise<void> {
    this.#server = new SMTPServer({
      authOptional: this.credentials === undefined,
      logger: false,
      onAuth: ({ username, password }, _session, callback) => {
        const right = `${username}:${password}` === this.credentials
        // Some servers repeat what they were sent.
        callback(
          right ? null : smtpError(535, `5.7.8 ${password} is not the password`),
          right ? { user: username } : undefined,
        )
      },
      onData: (stream, session, callback) => {
        void this.#take(stream, session, callback)
      },
    })
    await once(this.#server.listen(this.#port, '127.0.0.1'), 'listening')
    this.#port = (this.#server.server.address() as AddressInfo).port
  }

  async #take(
    stream: Readable,
    { envelope: { mailFrom, rcptTo }, secure }: SMTPServerSession,
    answer: (error?: Error) => void,
  ): Promise<void> {
    const mail = {
      from: mailFrom ? mailFrom.address : '',
      to: rcptTo.map(({ address }) => address),
      ...(await parse(await text(stream))),
      secure,
    }
    try {
      await this.onMail(mail)
    } catch (error) {
      return answer(error as Error)
    }
    this.received.push(mail)
    answer()
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server!.close(() => resolve()))
  }

  /** The mail to an address, in the order in which it came. */
  to(address: string): ReceivedMail[] {
    return this.received.filter(({ to }) => to.includes(address))
  }
}

export function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

async function parse(raw: string): Promise<Omit<ReceivedMail, 'from' | 'to' | 'secure'>> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'))
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const parsed = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true })
  const plain = (parsed.text ?? '').trimEnd()
  return { raw, headers, parsed, text: plain, body: parsed.html ? parsed.html.trimEnd() : plain }
}
