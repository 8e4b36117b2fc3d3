/** Neither pure black nor pure white, which mail programs change in the dark. */
const DARK = '#1F2328'
const LIGHT = '#FCFCFD'

/** Of the two text colours, dark and light, the one that is easier to read. @param background `#rrggbb` */
export function textOn(background: string): string {
  const contrast = (text: string) => {
    const [darker, lighter] = [luminance(text), luminance(background)].sort((a, b) => a - b) as [number, number]
    return (lighter + 0.05) / (darker + 0.05)
  }
  return contrast(LIGHT) >= contrast(DARK) ? LIGHT : DARK
}

/** Relative luminance, as WCAG 2.2 defines it: 0 is black, 1 is white. */
function luminance(color: string): number {
  const part = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}
