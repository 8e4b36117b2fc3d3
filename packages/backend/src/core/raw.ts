/**
 * Keeps the whole answer beside its translation, for fields that have none. Not enumerable: what is logged or sent on
 * does not carry everything twice.
 */
export function withRaw<Resource extends object, Wire>(
  resource: Resource,
  raw: Wire,
): Resource & { readonly raw: Wire } {
  return Object.defineProperty(resource, 'raw', { value: raw }) as Resource & { readonly raw: Wire }
}
