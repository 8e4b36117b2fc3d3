export { isCommonProvider } from './common-providers.js'
export { isDisposableDomain } from './disposable-domains.js'
export { baseAddress, mailboxOf, splitAddress, withoutGmailDots } from './mailboxes.js'
export { isHostingDomain, isPublicSuffix, publicSuffix, registrableDomain } from './public-suffixes.js'
