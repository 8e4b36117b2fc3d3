// Reads the archives that npm makes.

const BLOCK = 512
const FILE = new Set(['0', '\0'])

/**
 * The files of an archive, without the folder that all of them are in.
 *
 * @param {Buffer} archive uncompressed, in the ustar format
 * @returns {{ path: string, content: Buffer }[]}
 */
export function readTar(archive) {
  const files = []
  let offset = 0
  while (offset + BLOCK <= archive.length && archive[offset] !== 0) {
    const text = (start, length) => archive.toString('utf8', offset + start, offset + start + length).split('\0')[0]
    const [name, size, type, prefix] = [
      text(0, 100),
      Number.parseInt(text(124, 12), 8),
      archive.toString('latin1', offset + 156, offset + 157),
      text(345, 155),
    ]
    const start = offset + BLOCK
    if (FILE.has(type)) {
      const path = prefix ? `${prefix}/${name}` : name
      files.push({ path: path.slice(path.indexOf('/') + 1), content: archive.subarray(start, start + size) })
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
