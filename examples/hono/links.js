/** Short links. In memory: an example needs no database. */
export function createLinks() {
  const links = new Map()
  return {
    get: (name) => links.get(name),
    of: (userId) => [...links.values()].filter((link) => link.userId === userId),

    /** @returns the link; null if the name is taken */
    add({ name, url, userId }) {
      if (links.has(name)) return null
      const link = { name, url, userId, visits: 0 }
      links.set(name, link)
      return link
    },

    remove: (name) => links.delete(name),
  }
}

/** @returns what is wrong with the link that was sent, or null */
export function problemOf(link) {
  if (!/^[a-z0-9-]{1,40}$/.test(link?.name)) return '"name" must have 1 to 40 small letters, digits and dashes.'
  if (typeof link.url !== 'string' || !URL.canParse(link.url) || !/^https?:$/.test(new URL(link.url).protocol))
    return '"url" must begin with http:// or https://.'
  return null
}
