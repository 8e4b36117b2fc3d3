import { publicSuffix, registrableDomain } from './public-suffixes.js'

/** Providers with a domain in many countries. */
const BRANDS = new Set('aol gmx hotmail outlook yahoo yandex'.split(' '))

const DOMAINS = new Set(
  `126.com 163.com abv.bg att.net bellsouth.net bigpond.com bol.com.br bluewin.ch btinternet.com charter.net comcast.net
  cox.net daum.net docomo.ne.jp duck.com ezweb.ne.jp fastmail.com fastmail.fm free.fr freenet.de gmail.com
  googlemail.com hanmail.net hey.com hushmail.com icloud.com ig.com.br inbox.com inbox.ru interia.pl laposte.net
  libero.it list.ru live.ca live.cn live.co.uk live.com live.com.au live.de live.fr live.it live.nl mac.com mail.com
  mail.ru mailbox.org me.com mozmail.com msn.com myyahoo.com naver.com ntlworld.com o2.pl onet.pl optusnet.com.au
  orange.fr pm.me posteo.de privaterelay.appleid.com proton.me protonmail.com qq.com rediffmail.com rocketmail.com
  rogers.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com softbank.ne.jp sohu.com sympatico.ca t-online.de
  telus.net terra.com.br tuta.com tutanota.com ukr.net uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr
  web.de wp.pl ya.ru ymail.com zoho.com zohomail.com`.split(/\s+/),
)

/**
 * Whether anybody can have an address at the domain, so that it says nothing about who somebody works for.
 *
 * @param domain in its ASCII form, lower case
 */
export function isCommonProvider(domain: string): boolean {
  if (DOMAINS.has(domain)) return true
  const registrable = registrableDomain(domain)
  if (registrable === undefined) return false
  const suffix = publicSuffix(registrable)!
  return DOMAINS.has(registrable) || BRANDS.has(registrable.slice(0, -suffix.length - 1))
}
