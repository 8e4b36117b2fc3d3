/** The alphabet of text messages; a message of other characters has room for fewer. GSM 03.38, with its extension. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/
const TWICE = /[\^{}\\[~\]|€]/g

/** In how many parts a text message is sent, each of which costs. */
export function partsOf(text: string): number {
  if (GSM.test(text)) return parts(text.length + (text.match(TWICE)?.length ?? 0), 160, 153)
  return parts(text.length, 70, 67)
}

function parts(length: number, alone: number, each: number): number {
  return length <= alone ? 1 : Math.ceil(length / each)
}

/**
 * The text with a last line that binds its code to the application's site, so that browsers fill it in there and nowhere
 * else. Without the line if the message would need another part for it.
 *
 * @see https://wicg.github.io/sms-one-time-codes/
 */
export function withOrigin(text: string, { host, code }: { host: string; code: string }): string {
  const line = `@${host} #${code}`
  const longer = [`${text}\n\n${line}`, `${text}\n${line}`]
  return longer.find((candidate) => partsOf(candidate) <= partsOf(text)) ?? text
}
