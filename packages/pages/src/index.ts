export { createPages, type PagesOptions } from './create-pages.js'
export type { DevelopmentOptions } from './development/guard.js'
export { codeOf, linksOf } from './development/message-parts.js'
