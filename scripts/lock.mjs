// A lock between processes: a file that contains its owner's process id. Other processes wait. A lock is removed if its
// owner no longer exists, or has not touched it for a minute.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const HEARTBEAT = 5_000
const STALE_AFTER = 60_000

/**
 * Runs `work` while holding the lock at `path`.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(owner: number) => void} [onWait] Called once when another process holds the lock.
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true })
  let waiting = false
  while (!acquire(path)) {
    if (!removeIfStale(path) && !waiting) {
      waiting = true
      onWait?.(ownerOf(path))
    }
    await sleep(100)
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT)
  const release = () => rmSync(path, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    process.off('exit', release)
    release()
  }
}

/** A hard link appears together with its content, so no process can read a lock without an owner. */
function acquire(path) {
  const mine = `${path}.${process.pid}`
  writeFileSync(mine, String(process.pid))
  try {
    linkSync(mine, path)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  } finally {
    unlinkSync(mine)
  }
}

/**
 * Only one process at a time may check and remove. Otherwise a second could remove a lock that a third has just
 * acquired.
 */
function removeIfStale(path) {
  const guard = `${path}.removing`
  try {
    mkdirSync(guard)
  } catch {
    if (ageOf(guard) > STALE_AFTER) rmdirSync(guard)
    return false
  }
  try {
    if (ageOf(path) < STALE_AFTER && isAlive(ownerOf(path))) return false
    rmSync(path, { force: true })
    return true
  } finally {
    rmdirSync(guard)
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return Number.NaN
  }
}

function ageOf(path) {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

function isAlive(pid) {
  if (!Number.isInteger(pid)) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function touch(path) {
  const now = new Date()
  utimesSync(path, now, now)
}
