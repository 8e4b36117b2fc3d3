// node check-ours.mjs TYPESCRIPT FILE OPTIONS
//
// Prints what a version of TypeScript has to say of a program in the current folder and of the declarations of our packages
// there. Unlike `tsc` it does not look for mistakes in the declarations of others, which is most of what that does.
import { createRequire } from 'node:module'
import { relative } from 'node:path'

const [typescript, file, given] = process.argv.slice(2)
const ts = createRequire(import.meta.url)(typescript)
const { options, errors } = ts.convertCompilerOptionsFromJson(JSON.parse(given), process.cwd())
const program = ts.createProgram([file], options)
const ours = program.getSourceFiles().filter(({ fileName }) => {
  const path = relative(process.cwd(), fileName).replaceAll('\\', '/')
  return !path.startsWith('..') && !/^node_modules\/(?!@latchkey\/)/.test(path)
})
const found = [
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...ours.flatMap((one) => [...program.getSyntacticDiagnostics(one), ...program.getSemanticDiagnostics(one)]),
]
const host = { getCanonicalFileName: String, getCurrentDirectory: () => process.cwd(), getNewLine: () => '\n' }
process.stdout.write(ts.formatDiagnostics(found, host))
console.log(`${ours.length} files are ours`)
