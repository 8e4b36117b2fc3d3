import { queryParam } from '../query.js'

/**
 * Whether whoever asks is clerk-js 5, which asks for a code each time it shows the field for it: in an application without a
 * router twice, before and after the page of that step is loaded. clerk-js 6 first looks whether one is on its way.
 */
export function asksEachTime(request: Request): boolean {
  return queryParam(request, '_clerk_js_version')?.startsWith('5.') ?? false
}
