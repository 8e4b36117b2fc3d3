import { statSync } from 'node:fs'
import { CommandError } from './command-error.js'

/** The system refused a file or folder: read-only, of somebody else, full, or a file where a folder should be. */
const REFUSED = [
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]

/** What the system was asked to do, by the name of its call. */
const DONE: Readonly<Record<string, string>> = {
  mkdir: 'made',
  open: 'opened',
  read: 'read',
  write: 'written',
  rename: 'renamed',
  copyfile: 'copied',
  unlink: 'removed',
  rm: 'removed',
  chmod: 'changed',
}

/** @returns what to tell of a file or folder that the system refused; undefined if the error is another one */
export function explainRefusal(error: unknown): string | undefined {
  const { code, path, syscall = '' } = error as Partial<NodeJS.ErrnoException>
  if (code === undefined || !REFUSED.includes(code)) return undefined
  return `${path ?? 'A file'} cannot be ${DONE[syscall] ?? 'used'}: ${reasonOf(error)}`
}

/** The system's words without its code, its call and the path: "permission denied". */
export function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  return /^E[A-Z0-9]+: (.+?), \w+(?: '.*')?$/.exec(message)?.[1] ?? (message || String(code))
}

/** @throws {CommandError} if it is a folder; a file that is missing is no matter of this */
export function refuseFolder(path: string, expectation: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return
  throw new CommandError(`${path} is a folder. ${expectation}`)
}
