import { beforeAll, expect, it } from 'vitest'
import { contractFolder, describeWithContract } from '../../../../tests/contract/contract.test-support.js'
import { sampleAnswer } from './answers.test-support.js'
import { openBothSDKs, type BothSDKs, type Outcome } from './both-sdks.test-support.js'
import { officialCalls, unlikeCalls } from './calls.test-support.js'
import { ApiDescription } from './contract.test-support.js'
import { collectFurtherFields, describeRequest, lackingFields, Section } from './differences.test-support.js'

/** Results that are other ones here, on purpose: `method field`, and why. */
const unlikeResults: [what: RegExp, reason: string][] = [
  [
    /^organizations\.\w*OrganizationDomain\w* /,
    'It hands organization domains out as they came, in snake_case, and types them in camelCase.',
  ],
  [/^testingTokens\./, 'It hands testing tokens out as they came, in snake_case, and types them in camelCase.'],
  [/^users\.\w+ user_id$/, 'It hands this answer out as it came, in snake_case, and types it in camelCase.'],
  [/ (\w+\.)*verification\.message$/, "It drops the message of a wallet's verification."],
  [/ throws$/, 'It throws where the contract lets an answer leave a field out.'],
]

describeWithContract('the translations of the SDK and of @clerk/backend', () => {
  let both: BothSDKs
  let description: ApiDescription
  const unlike = new Map<string, string>()
  const further = new Map<string, Set<string>>()

  beforeAll(async () => {
    both = await openBothSDKs()
    description = new ApiDescription(contractFolder!)
  })

  it.each(officialCalls)('agree about the answer to %s', async (...call) => {
    const { official } = await both.call(call, { body: { data: [], total_count: 0 } })
    for (const amount of ['full', 'least'] as const) {
      const answers = official.requests.map((request) => sampleAnswer(description, request, amount))
      compare(call[0], await both.call(call, ...answers))
    }
  })

  it('differ as docs/sdk/differences.md says', async () => {
    const stale = unlikeResults.filter(([what]) => ![...unlike.keys()].some((difference) => what.test(difference)))
    expect(stale).toEqual([])
    const lines = [
      ...(await describeRequests(both)),
      '',
      ...describeResults(unlike),
      '',
      ...describeFurtherFields(further),
    ]
    const section = new Section('packages/backend/src/api/same-answers.test.ts')
    if (process.env['UPDATE']) section.write(section.frame(lines))
    expect(section.read()).toBe(section.frame(lines))
  })

  function compare(method: string, { official, ours }: { official: Outcome; ours: Outcome }): void {
    expect(ours.error).toBeUndefined()
    const fields = official.error === undefined ? lackingFields(official.result, ours.result) : ['throws']
    for (const field of fields) {
      const difference = `${method} ${field}`
      const reason = unlikeResults.find(([what]) => what.test(difference))?.[1]
      expect(reason, difference).toBeDefined()
      unlike.set(difference, reason!)
    }
    collectFurtherFields(official.result, ours.result, further)
  }
})

async function describeRequests(both: BothSDKs): Promise<string[]> {
  const rows: string[] = []
  for (const [reason, ...call] of unlikeCalls) {
    const { official, ours } = await both.call(call, { body: { data: [], total_count: 0 } })
    const [theirs, own] = [official, ours].map(
      ({ requests }) => requests.map((request) => `\`${describeRequest(request)}\``).join(', ') || 'none',
    )
    expect(own).not.toBe(theirs)
    const args = call
      .slice(1)
      .map((arg) => JSON.stringify(arg))
      .join(', ')
    rows.push(`| \`${call[0]}(${args})\` | ${theirs} | ${own} | ${reason} |`)
  }
  return [
    '## Requests that differ',
    '',
    '| call | `@clerk/backend` sends | this SDK sends | why |',
    '|---|---|---|---|',
    ...rows,
  ]
}

function describeResults(unlike: Map<string, string>): string[] {
  const rows = [...new Set(unlike.values())].toSorted().map((reason) => {
    const differences = [...unlike].filter(([, why]) => why === reason).map(([difference]) => difference.split(' '))
    const names = (index: number): string =>
      [...new Set(differences.map((parts) => `\`${parts[index]}\``))].toSorted().join(', ')
    return `| ${names(0)} | ${names(1)} | ${reason} |`
  })
  return ['## Results that differ', '', '| methods | fields | why |', '|---|---|---|', ...rows]
}

function describeFurtherFields(further: Map<string, Set<string>>): string[] {
  const rows = [...further].map(
    ([kind, names]) =>
      `| \`${kind}\` | ${[...names]
        .toSorted()
        .map((name) => `\`${name}\``)
        .join(', ')} |`,
  )
  return [
    '## Fields that `@clerk/backend` drops',
    '',
    'Every resource here has its `object` and, not enumerable, its answer as it came in `raw`; beside those, by kind:',
    '',
    '| kind | fields |',
    '|---|---|',
    ...rows.toSorted(),
  ]
}
