/** `user_id` becomes `userId`. */
export function toCamelCase(name: string): string {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
}

/** `primaryEmailAddressID` becomes `primary_email_address_id`. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** Writes parameters as a form or a query, which have the same format. Undefined ones are omitted. */
export function toForm(parameters: object): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.append(toSnakeCase(name), String(value ?? ''))
  }
  return form
}
