import { readFileSync } from 'node:fs'

/** A browser package that this server carries. */
export interface BrowserPackage {
  name: string
  version: string
  /** Names beside its version, such as `latest`. */
  tags: readonly string[]
  files: ReadonlyMap<string, BrowserFile>
}

export interface BrowserFile {
  path: string
  /** Bytes, before compression. */
  size: number
  /** Of its content. */
  hash: string
}

/**
 * @param folder as `scripts/browser-packages.mjs` wrote it: an index, and each file twice, as `.br` and `.gz`
 * @returns undefined if they are not there, as after a build without a network
 */
export function readPackages(folder: string): BrowserPackage[] | undefined {
  let text
  try {
    text = readFileSync(`${folder}/index.json`, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { packages } = JSON.parse(text) as { packages: (Omit<BrowserPackage, 'files'> & { files: BrowserFile[] })[] }
  return packages.map(({ files, ...rest }) => ({ ...rest, files: new Map(files.map((file) => [file.path, file])) }))
}

/** A package, as far as its address tells. */
export interface Found {
  found: BrowserPackage
  /** Its version was named in full, so that the address means the same for ever. */
  isExact: boolean
}

/**
 * @param selector what stands behind the `@`: a version, the beginning of one, or a tag; undefined for the newest
 * @returns only a `reason`, if this server has no such version
 */
export function findPackage(
  packages: readonly BrowserPackage[],
  name: string,
  selector: string | undefined,
): Found | { reason: string } {
  const ofName = packages.filter((candidate) => candidate.name === name)
  if (ofName.length === 0) {
    return {
      reason: `This server has no package ${name}. It has ${list([...new Set(packages.map((each) => each.name))])}.`,
    }
  }
  const exact = ofName.find(({ version }) => version === selector)
  if (exact) return { found: exact, isExact: true }
  const found = ofName.find(
    ({ version, tags }) => tags.includes(selector ?? 'latest') || version.startsWith(`${selector}.`),
  )
  if (found) return { found, isExact: false }
  const served = ofName.map(({ version }) => `${version.split('.')[0]} (version ${version})`)
  return {
    reason: `This server has no ${name}@${selector}. It serves major ${list(served)}, and the tags ${list(ofName.flatMap(({ tags }) => tags))}.`,
  }
}

function list(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
