// The licence texts of the packages inside a bundle, as their licences require.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'

/** @param {import('esbuild').Metafile} metafile */
export function thirdPartyNotices(metafile) {
  /** @type {Set<string>} */
  const folders = new Set()
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (match) folders.add(match[1])
  }
  return [...folders]
    .sort()
    .map((folder) => noticeOf(join(root, folder)))
    .join('\n')
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text =
    file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`
  return `${name} ${version}\n${'-'.repeat(72)}\n${text}\n`
}
