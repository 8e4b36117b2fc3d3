import { type Command, Option } from 'commander'
import { audit } from './commands/audit.js'
import { backup, migrate, restore, restored } from './commands/database.js'
import { dev } from './commands/dev.js'
import { health } from './commands/health.js'
import {
  createInstance,
  deleteInstance,
  listInstances,
  setDefaultInstance,
  setInstanceHomeUrl,
} from './commands/instances.js'
import { createKey, listKeys, revokeKey, rotateEncryptionKey, rotateSigningKey } from './commands/keys.js'
import { listMessages, resendMessage, showMessage } from './commands/messages.js'
import { start } from './commands/start.js'
import {
  addEndpoint,
  listAttempts,
  listEndpoints,
  recover,
  removeEndpoint,
  resend,
  rotateSecret,
  sendExample,
} from './commands/webhooks.js'
import { listenForWebhooks } from './commands/webhooks-listen.js'
import { DEFAULT_DATABASE } from './database-location.js'
import type { Environment } from './environment.js'
import type { Output, Result } from './output.js'
import { DEFAULT_HOST, DEFAULT_PORT, LOG_LEVELS } from './serve-options.js'
import { findSetting, FROM_FILES, parseBoolean, type Flags, variableOf } from './settings.js'
import { StrictCommand } from './strict-command.js'

const ENVIRONMENT_HELP =
  '\nEvery option can also be set as LATCHKEY_<OPTION>, for example LATCHKEY_PUBLIC_URL. The command line wins.'

export function createProgram(version: string, environment: Environment, output: Output): Command {
  const program = new StrictCommand('latchkey').description("Clerk's API on your own machine").version(version)
  program.hook('preAction', (_, command) => readSwitches(command, environment))

  const print = async (flags: Flags, result: Promise<Result>) => output.result(await result, flags['json'] === true)

  const homeUrl = [
    '--home-url <url>',
    'the application, where people go after signing in; none where nobody does in a browser',
  ] as const
  serveCommand(program, 'dev', 'Serve for development: creates keys, database and schema if they are missing').action(
    (flags: Flags) => dev(flags, environment, output, variablesOf(program)),
  )
  serveCommand(
    program,
    'start',
    "Serve in production: needs LATCHKEY_ENCRYPTION_KEY, a database with its schema and an instance, and the application's URL",
  )
    .option(...homeUrl)
    .action((flags: Flags) => start(flags, environment, output, variablesOf(program)))
  command(program, 'health', 'Ask a server on this machine whether it is ready; the exit code says it')
    .option('--port <number>', `where it listens (default: ${DEFAULT_PORT})`)
    .option('--host <address>', `the address it listens on (default: ${DEFAULT_HOST})`)
    .option('--live', 'ask only whether the process answers, not whether its database does')
    .action((flags: Flags) => print(flags, health(flags, environment)))
  databaseCommand(program, 'migrate', 'Migrate the schema of the database to this version').action((flags: Flags) =>
    print(flags, migrate(flags, environment)),
  )
  databaseCommand(program, 'backup', 'Copy the database to a file while it is in use')
    .argument('<file>', 'where to write the copy')
    .action((file: string, flags: Flags) => print(flags, backup(file, flags, environment)))
  const signEveryoneOut = [
    '--sign-everyone-out',
    'end all sessions: those that ended since the backup are alive again',
  ] as const
  databaseCommand(program, 'restore', 'Replace the database with a backup')
    .argument('<file>', 'a file written by "latchkey backup"')
    .option(...signEveryoneOut)
    .action((file: string, flags: Flags) => print(flags, restore(file, flags, environment)))
  databaseCommand(
    program,
    'restored',
    'Prepare a PostgreSQL database that pg_restore has filled, before a server runs on it',
  )
    .option(...signEveryoneOut)
    .option('--yes', 'do it')
    .action((flags: Flags) => print(flags, restored(flags, environment)))

  const keys = program.command('keys').description('Secret keys and signing keys of an instance')
  instanceCommand(keys, 'create', 'Create another secret key')
    .option('--name <name>', 'what it is for (default: Secret key)')
    .option('--secret-key-file <file>', 'a file with a key that was made elsewhere (default: a new one)')
    .option('--operator', 'a key of whoever runs the server, for /metrics, instead')
    .action((flags: Flags) => print(flags, createKey(flags, environment)))
  instanceCommand(keys, 'list', 'List the secret keys')
    .option('--operator', 'the operator keys instead')
    .option('--signing', 'the signing keys instead, and when each signs')
    .action((flags: Flags) => print(flags, listKeys(flags, environment)))
  databaseCommand(keys, 'revoke', 'Revoke a secret key or operator key: every node refuses it from now on')
    .argument('<key-id>', 'its id, as "keys list" shows it')
    .option('--yes', 'do it also to the last active key of an instance')
    .action((id: string, flags: Flags) => print(flags, revokeKey(id, flags, environment)))
  instanceCommand(keys, 'rotate-signing', 'Sign new tokens with a new key')
    .option('--publish <seconds>', 'how long the new key is only published before it signs (default: 600)')
    .option(
      '--now',
      'it signs at once, and no other key does: for a key that others may have. Signs everybody out after the overlap',
    )
    .option('--overlap <seconds>', 'how long tokens of the old key stay valid (default: 86400, a day)')
    .action((flags: Flags) => print(flags, rotateSigningKey(flags, environment)))
  databaseCommand(
    keys,
    'rotate-encryption',
    'Seal every secret in the database with LATCHKEY_ENCRYPTION_KEY, which LATCHKEY_OTHER_ENCRYPTION_KEYS opens',
  ).action((flags: Flags) => print(flags, rotateEncryptionKey(flags, environment)))

  const instances = program.command('instances').description('Instances: each has its own users, settings and keys')
  databaseCommand(instances, 'create', 'Create an instance and print its keys')
    .addOption(
      new Option('--environment <type>', 'what kind (default: development)').choices(['development', 'production']),
    )
    .option('--secret-key-file <file>', 'a file with a secret key that was made elsewhere (default: a new one)')
    .option('--name <name>', 'the name of the instance')
    .option('--frontend-host <host>', 'the host that its tokens name as their issuer')
    .option(...homeUrl)
    .action((flags: Flags) => print(flags, createInstance(flags, environment)))
  databaseCommand(instances, 'list', 'List the instances').action((flags: Flags) =>
    print(flags, listInstances(flags, environment)),
  )
  databaseCommand(instances, 'default', 'Make an instance the one of requests that name none')
    .argument('<id>', 'its id, as "instances list" shows it')
    .action((id: string, flags: Flags) => print(flags, setDefaultInstance(id, flags, environment)))
  databaseCommand(instances, 'home-url', 'Say where the application of an instance is')
    .argument('<id>', 'its id, as "instances list" shows it')
    .argument('<url>', 'the application, where people go after signing in')
    .action((id: string, url: string, flags: Flags) => print(flags, setInstanceHomeUrl(id, url, flags, environment)))
  databaseCommand(instances, 'delete', 'Delete an instance with everything in it')
    .argument('<id>', 'its id, as "instances list" shows it')
    .option('--yes', 'do it')
    .action((id: string, flags: Flags) => print(flags, deleteInstance(id, flags, environment)))

  webhookCommands(program, environment, output)
  messageCommands(program, environment, output)

  instanceCommand(program, 'audit', 'Show who changed what: the newest entries of the audit trail, oldest first', {
    json: 'print all entries, one line of JSON each',
  })
    .option('--since <time>', 'from this time on, RFC 3339')
    .option('--until <time>', 'before this time, RFC 3339')
    .option('--actor <id>', 'only changes made by this key, user, client or operator')
    .option('--action <name>', 'only these actions, for example user.updated')
    .option('--target <id>', 'only changes of this user, session, key …')
    .option('--limit <number>', 'how many of the newest entries (default: 50, with --json all)')
    .action((flags: Flags) => audit(flags, environment, output))

  return program
}

/** The names of all variables that a command reads. */
function variablesOf(command: Command): string[] {
  const own = command.options.map((option) => option.name())
  const files = FROM_FILES.flatMap((name) => [variableOf(name), `${variableOf(name)}_FILE`])
  return [...own.map(variableOf), ...files, ...command.commands.flatMap(variablesOf)]
}

/** Options without a value, from the environment. Those with one are looked up where they are read. */
function readSwitches(command: Command, environment: Environment): void {
  for (const option of command.options) {
    const name = option.attributeName()
    if (!option.isBoolean() || command.getOptionValue(name) !== undefined) continue
    const setting = findSetting(option.name(), {}, environment)
    if (setting && parseBoolean(setting)) command.setOptionValueWithSource(name, true, 'env')
  }
}

function messageCommands(program: Command, environment: Environment, output: Output): void {
  const print = async (flags: Flags, result: Promise<Result>) => output.result(await result, flags['json'] === true)
  const messages = program.command('messages').description('Mail and text messages, and what became of them')
  instanceCommand(messages, 'list', 'List the newest messages')
    .option('--limit <number>', 'how many (default: 20)')
    .option('--status <status>', 'only these: queued, delivered, failed or handed_over')
    .action((flags: Flags) => print(flags, listMessages(flags, environment)))
  instanceCommand(messages, 'show', 'Show a message with its text')
    .argument('<message>', 'its id, as "messages list" shows it')
    .action((id: string, flags: Flags) => print(flags, showMessage(id, flags, environment)))
  instanceCommand(messages, 'resend', 'Send a message again, also to a recipient who was refused')
    .argument('<message>', 'its id')
    .action((id: string, flags: Flags) => print(flags, resendMessage(id, flags, environment)))
}

function webhookCommands(program: Command, environment: Environment, output: Output): void {
  const print = async (flags: Flags, result: Promise<Result>) => output.result(await result, flags['json'] === true)
  const webhooks = program.command('webhooks').description('Where events are sent, and what became of them')
  instanceCommand(webhooks, 'list', 'List the endpoints').action((flags: Flags) =>
    print(flags, listEndpoints(flags, environment)),
  )
  instanceCommand(webhooks, 'add', 'Add an endpoint and print its signing secret')
    .argument('<url>', 'where to send events')
    .option('--events <types>', 'only these types, separated by commas (default: all)')
    .option('--uid <name>', 'your own name for it')
    .option('--description <text>', 'what it is for')
    .option('--ordering <rule>', 'how long events of a user wait behind one that fails: default, strict or none')
    .action((url: string, flags: Flags) => print(flags, addEndpoint(url, flags, environment)))
  instanceCommand(webhooks, 'remove', 'Remove an endpoint, with its history')
    .argument('<endpoint>', 'its id or uid')
    .action((id: string, flags: Flags) => print(flags, removeEndpoint(id, flags, environment)))
  instanceCommand(webhooks, 'attempts', 'Show the newest attempts to deliver to an endpoint, and the answers')
    .argument('<endpoint>', 'its id or uid')
    .option('--limit <number>', 'how many (default: 20)')
    .action((id: string, flags: Flags) => print(flags, listAttempts(id, flags, environment)))
  instanceCommand(webhooks, 'resend', 'Send an event again')
    .argument('<message>', 'the id that "attempts" shows')
    .argument('<endpoint>', 'the id or uid of the endpoint')
    .action((message: string, id: string, flags: Flags) => print(flags, resend(id, message, flags, environment)))
  instanceCommand(webhooks, 'recover', 'Send again what was given up')
    .argument('<endpoint>', 'its id or uid')
    .option('--since <time>', 'from this time on, RFC 3339')
    .option('--missing', 'also what was never sent, such as events while the endpoint was disabled')
    .action((id: string, flags: Flags) => print(flags, recover(id, flags, environment)))
  instanceCommand(webhooks, 'send-example', 'Send a copy of the newest event of a type')
    .argument('<endpoint>', 'its id or uid')
    .argument('<type>', 'for example user.created')
    .action((id: string, type: string, flags: Flags) => print(flags, sendExample(id, type, flags, environment)))
  instanceCommand(webhooks, 'rotate-secret', 'Sign with a new secret; the old one signs too for a while')
    .argument('<endpoint>', 'its id or uid')
    .option('--grace <seconds>', 'how long the old secret signs too (default: 86400, a day)')
    .action((id: string, flags: Flags) => print(flags, rotateSecret(id, flags, environment)))
  command(webhooks, 'listen', 'Send the events of a running server to an application, without an endpoint')
    .option('--forward-to <url>', 'the webhook handler, for example http://localhost:3000/api/webhooks')
    .option('--public-url <url>', `where the server is (default: http://${DEFAULT_HOST}:${DEFAULT_PORT})`)
    .option('--secret-key <key>', 'the secret key of the instance (default: that of latchkey dev)')
    .option('--secret-key-file <file>', 'a file with the secret key')
    .option('--database <location>', 'the database of latchkey dev, beside which its keys are')
    .option('--signing-secret <secret>', 'sign with this one, whsec_… (default: a new one)')
    .action((flags: Flags) => listenForWebhooks(flags, environment, output))
}

function serveCommand(program: Command, name: string, description: string): Command {
  return command(program, name, description)
    .option(
      '--database <location>',
      name === 'start'
        ? 'a path or postgres://…, required'
        : `a path, :memory: or postgres://… (default: ${DEFAULT_DATABASE})`,
    )
    .option('--port <number>', `where to listen, 0 for a free one (default: ${DEFAULT_PORT})`)
    .option('--host <address>', `the address to listen on (default: ${DEFAULT_HOST})`)
    .option('--secret-key <key>', 'the secret key of the default instance')
    .option('--secret-key-file <file>', 'a file with the secret key')
    .option('--publishable-key <key>', 'the publishable key of the default instance')
    .option('--public-url <url>', 'the base of every URL the server returns (default: the address it listens on)')
    .option('--seed <file>', 'a JSON or YAML file with data to create once; see docs/seed.md')
    .option(
      '--smtp-url <url>',
      'the server that sends mail, smtp://user:password@host:port or smtps://… (default: mail stays queued)',
    )
    .option('--mail-from <domain>', 'the domain of senders, or one sender address for all mail')
    .option(
      '--sms-url <url>',
      'the gateway that sends text messages, https://<account SID>:<auth token>@api.twilio.com (default: they stay queued)',
    )
    .option('--sms-from <number>', 'the number or the messaging service that text messages come from')
    .option('--sms-gateway-url <url>', 'another gateway, which takes text messages by POST')
    .option('--sms-gateway-headers <json>', 'its headers, such as {"authorization": "Bearer …"}')
    .option('--sms-gateway-body <template>', 'what is posted to it, with {{to}} and {{text}}')
    .option('--mail-bounces <address>', 'where undeliverable mail returns to (default: the sender)')
    .option('--dkim-selector <name>', 'signs mail: the name of the key in DNS (default: mail is not signed)')
    .option('--dkim-key-file <file>', 'the private key that signs mail, PEM')
    .option(
      '--trusted-proxies <list>',
      'proxies whose X-Forwarded-For is trusted: addresses, ranges, loopback or private, separated by commas (default: none)',
    )
    .option('--allow-accountless', 'let anybody make development instances, as frameworks do that start without keys')
    .option('--audit-retention-days <days>', 'how long entries of the audit trail are kept (default: 365)')
    .option('--event-retention-days <days>', 'how long delivered events and attempts are kept (default: 30)')
    .addOption(
      new Option(
        '--log-level <level>',
        `how much to log on standard error (default: ${name === 'dev' ? 'warn' : 'info'})`,
      ).choices(LOG_LEVELS),
    )
    .addOption(
      new Option('--request-log <when>', 'a line for each request on standard error (default: on)').choices([
        'on',
        'off',
      ]),
    )
}

function instanceCommand(parent: Command, name: string, description: string, help?: OptionHelp): Command {
  return databaseCommand(parent, name, description, help).option(
    '--instance <id>',
    'the id of the instance (default: the default instance)',
  )
}

/** A command on a database that a server may be using. */
function databaseCommand(parent: Command, name: string, description: string, help?: OptionHelp): Command {
  return command(parent, name, description, help).option(
    '--database <location>',
    `a path or postgres://… (default: ${DEFAULT_DATABASE})`,
  )
}

/** Help texts of the options that all commands have. */
interface OptionHelp {
  json: string
}

function command(
  parent: Command,
  name: string,
  description: string,
  { json }: OptionHelp = { json: 'print one line of JSON' },
): Command {
  return parent.command(name).description(description).option('--json', json).addHelpText('after', ENVIRONMENT_HELP)
}
