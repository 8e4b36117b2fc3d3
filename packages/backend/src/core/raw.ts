/**
 * Keeps the whole answer on its translation, for fields that are not translated. Not enumerable, so that a logged or
 * serialized resource does not contain everything twice.
 */
export function withRaw<Resource extends object, Wire>(
  resource: Resource,
  raw: Wire,
): Resource & { readonly raw: Wire } {
  return Object.defineProperty(resource, 'raw', { value: raw }) as Resource & { readonly raw: Wire }
}
