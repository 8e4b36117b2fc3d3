/** `a***@example.com`: the owner knows which address it is; nobody can write to it. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const firstCharacter = String.fromCodePoint(address.codePointAt(0)!)
  return `${firstCharacter}***${address.slice(at)}`
}

/** `+1********71`. */
export function maskPhoneNumber(number: string): string {
  return `${number.slice(0, 2)}${'*'.repeat(number.length - 4)}${number.slice(-2)}`
}
