import { createHash } from 'node:crypto'

/** Width and height of the picture, in its own units; being SVG it is sharp at any size. */
const SIZE = 100

/**
 * The picture of a user or organization that has uploaded none: initials on a gradient of two colours, as SVG. The same
 * seed (the id of the user or organization) always gives the same picture.
 *
 * @param initials One or two letters; an empty text draws only the gradient. See {@link initialsOf}.
 */
export function defaultAvatar(seed: string, initials = ''): string {
  const [first, second, angle] = createHash('sha256').update(seed).digest()
  const hue = Math.round((first! / 256) * 360)
  // A neighbouring hue, 30 to 90 degrees on: two at random would often clash.
  const nextHue = (hue + 30 + Math.round((second! / 256) * 60)) % 360
  const letters = [...initials].slice(0, 2).map(escapeXml).join('')
  const font = 'font-family="system-ui,sans-serif" font-size="40" text-anchor="middle" fill="#fff"'
  const text = letters && `<text x="50" y="50" dy=".35em" ${font}>${letters}</text>`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}">` +
    `<linearGradient id="g" gradientTransform="rotate(${Math.round((angle! / 256) * 90)})">` +
    `<stop offset="0" stop-color="hsl(${hue},65%,45%)"/><stop offset="1" stop-color="hsl(${nextHue},65%,40%)"/>` +
    `</linearGradient><rect width="${SIZE}" height="${SIZE}" fill="url(#g)"/>${text}</svg>`
  )
}

/** The first letters of up to two names, in upper case; a name that begins with neither letter nor digit is skipped. */
export function initialsOf(...names: readonly (string | null | undefined)[]): string {
  return names
    .map((name) => /^[\p{L}\p{N}]/u.exec(name?.trim() ?? '')?.[0] ?? '')
    .filter((letter) => letter !== '')
    .slice(0, 2)
    .map((letter) => letter.toUpperCase())
    .join('')
}

/** Removes control characters and lone surrogates, which XML must not contain. */
function escapeXml(character: string): string {
  if (/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(character)) return ''
  return character.replace(/[<>&"']/, (special) => `&#${special.charCodeAt(0)};`)
}
