export type Web3WalletResult =
  | {
      ok: true
      kind: 'ethereum' | 'solana'
      /** As entered, without surrounding white space. */
      address: string
      /** What must be unique and what look-ups compare: lower case for Ethereum; Solana's alphabet needs its case. */
      canonical: string
    }
  | { ok: false; reason: 'invalid' }

/** Reads an Ethereum address (`0x` and 40 hexadecimal digits, in any case) or a Solana one (32 bytes in base58). */
export function web3Wallet(input: string): Web3WalletResult {
  const address = input.trim()
  if (/^0x[0-9a-f]{40}$/i.test(address)) {
    return { ok: true, kind: 'ethereum', address, canonical: address.toLowerCase() }
  }
  if (address.length >= 32 && address.length <= 44 && base58ByteLength(address) === 32) {
    return { ok: true, kind: 'solana', address, canonical: address }
  }
  return { ok: false, reason: 'invalid' }
}

/** Digits of base58 (Bitcoin's alphabet), in order of value. */
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** How many bytes a base58 text stands for, or undefined if a character is not one of its digits. */
function base58ByteLength(text: string): number | undefined {
  let value = 0n
  for (const character of text) {
    const digit = BASE58.indexOf(character)
    if (digit < 0) return undefined
    value = value * 58n + BigInt(digit)
  }
  // Each leading 1 is a leading zero byte, which the number itself does not show.
  const zeros = text.length - text.replace(/^1+/, '').length
  const rest = value === 0n ? 0 : Math.ceil(value.toString(16).length / 2)
  return zeros + rest
}
