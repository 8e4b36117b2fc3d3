import { createHash, createVerify } from 'node:crypto'

/** Checks the signature of a mail as its receiver does: RFC 6376, canonicalization relaxed/relaxed. */
export function checkDkim(raw: string, publicKey: string): { tags: Record<string, string>; isGood: boolean } {
  const end = raw.indexOf('\r\n\r\n')
  const headers = raw.slice(0, end).split(/\r\n(?![ \t])/)
  const signature = headers.find((header) => /^dkim-signature:/i.test(header))
  if (!signature) throw new Error('The mail is not signed')
  const value = signature.slice(signature.indexOf(':') + 1).replace(/\s+/g, '')
  const tags = Object.fromEntries(
    value.split(';').map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  )
  const isBodyGood =
    createHash('sha256')
      .update(relaxedBody(raw.slice(end + 4)))
      .digest('base64') === tags['bh']
  const left = [...headers]
  const signed = tags['h']!.split(':').flatMap((name) => {
    // From the last one of a name upwards; one that is not there counts as empty.
    const at = left.findLastIndex((header) => header.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    return at < 0 ? [] : left.splice(at, 1).map(relaxedHeader)
  })
  const own = relaxedHeader(signature).replace(/(;\s*b=)[^;]*/, '$1')
  const verify = createVerify('RSA-SHA256').update([...signed, own].join('\r\n'))
  return { tags, isGood: isBodyGood && verify.verify(publicKey, tags['b']!, 'base64') }
}

function relaxedHeader(header: string): string {
  const [name, value] = [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1)]
  return `${name.trim().toLowerCase()}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`
}

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').trimEnd())
  return `${lines.join('\r\n').replace(/(?:\r\n)+$/, '')}\r\n`
}
