import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { buildPrograms } from '../../scripts/build.mjs'

const program = fileURLToPath(new URL('../../packages/cli/dist/latchkey.js', import.meta.url))

/** The largest picture that is taken, in bytes. */
const PICTURE_SIZE = 10 * 1024 * 1024

/**
 * The built program in a process of its own, with a picture of 10 MB to ask for.
 *
 * @typedef {{
 *   url: string
 *   port: number
 *   secretKey: string
 *   picturePath: string
 *   memory(): { now: number, most: number }
 *   stop(): Promise<{ code: number | null, stderr: string }>
 * }} Victim
 *
 * @param {string} [database]
 * @returns {Promise<Victim>}
 */
export async function startVictim(database = ':memory:') {
  await buildPrograms()
  // Beside a database that is not in memory it keeps its keys here.
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-victim-'))
  const child = spawn(
    process.execPath,
    [program, 'dev', '--port', '0', '--json', '--database', database, '--log-level', 'info'],
    { cwd: folder, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  const ended = once(child, 'close').then(([code]) => {
    rmSync(folder, { recursive: true })
    return { code, stderr }
  })
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => text),
    ended.then(() => Promise.reject(new Error(`The server did not start: ${stderr}`))),
  ])
  const { apiUrl: url, secretKey } = JSON.parse(line)
  const authorization = `Bearer ${secretKey}`
  const created = await fetch(`${url}/v1/users`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ email_address: ['ada@example.com'], skip_password_requirement: true }),
  })
  const form = new FormData()
  form.append('file', new File([picture()], 'large.png', { type: 'image/png' }))
  const { id } = await created.json()
  const uploaded = await fetch(`${url}/v1/users/${id}/profile_image`, {
    method: 'POST',
    headers: { authorization },
    body: form,
  })
  const { image_url: pictureUrl } = await uploaded.json()
  return {
    url,
    port: Number(new URL(url).port),
    secretKey,
    picturePath: new URL(pictureUrl).pathname,
    memory: () => memoryOf(child.pid),
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** A small picture, and then bytes that no decoder looks at. */
function picture() {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  const png = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return Buffer.concat([png, Buffer.alloc(PICTURE_SIZE - png.length, 7)])
}

function crc32(bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}

/** Bytes that a process holds, and the most it ever held; both 0 where the system does not tell. */
function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const read = (name) => Number(new RegExp(`${name}:\\s*(\\d+) kB`).exec(status)[1]) * 1024
    return { now: read('VmRSS'), most: read('VmHWM') }
  } catch {
    return { now: 0, most: 0 }
  }
}
