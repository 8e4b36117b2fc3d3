// Prints "<passed> <failed>" from vitest's JSON report. A file that could not be loaded counts as one failure.
import { existsSync, readFileSync } from 'node:fs'

const [report] = process.argv.slice(2)
if (!existsSync(report)) {
  console.log('0 1')
} else {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  console.log(`${numPassedTests} ${numFailedTests + unloaded}`)
}
