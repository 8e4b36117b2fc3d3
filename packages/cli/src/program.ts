import { Command, Option } from 'commander'
import { backup, migrate, restore } from './commands/database.js'
import { dev } from './commands/dev.js'
import { createInstance, listInstances } from './commands/instances.js'
import { createKey, listKeys, revokeKey, rotateSigningKey } from './commands/keys.js'
import { start } from './commands/start.js'
import { DEFAULT_DATABASE } from './database-location.js'
import type { Environment } from './environment.js'
import type { Output, Result } from './output.js'
import { DEFAULT_HOST, DEFAULT_PORT, LOG_LEVELS } from './serve-options.js'
import type { Flags } from './settings.js'

const ENVIRONMENT_HELP =
  '\nEvery option may be given as LATCHKEY_<OPTION> too, for example LATCHKEY_PUBLIC_URL; what stands on the command line wins.'

export function createProgram(version: string, environment: Environment, output: Output): Command {
  const program = new Command('latchkey').description("Clerk's API on your own machine").version(version)

  const print = async (flags: Flags, result: Promise<Result>) => output.result(await result, flags['json'] === true)

  serveCommand(program, 'dev', 'Serve for development: makes keys, database and schema when they are missing').action(
    (flags: Flags) => dev(flags, environment, output),
  )
  serveCommand(
    program,
    'start',
    'Serve in production: needs keys, LATCHKEY_ENCRYPTION_KEY, a database and its schema',
  ).action((flags: Flags) => start(flags, environment, output))
  databaseCommand(program, 'migrate', 'Bring the schema of the database to what this version needs').action(
    (flags: Flags) => print(flags, migrate(flags, environment)),
  )
  databaseCommand(program, 'backup', 'Copy the database to a file while it is in use')
    .argument('<file>', 'where to write the copy')
    .action((file: string, flags: Flags) => print(flags, backup(file, flags, environment)))
  databaseCommand(program, 'restore', 'Put a backup in the place of the database')
    .argument('<file>', 'a file written by "latchkey backup"')
    .action((file: string, flags: Flags) => print(flags, restore(file, flags, environment)))

  const keys = program.command('keys').description('Secret keys and signing keys of an instance')
  instanceCommand(keys, 'create', 'Make another secret key')
    .option('--name <name>', 'what it is for', 'Secret key')
    .action((flags: Flags) => print(flags, createKey(flags, environment)))
  instanceCommand(keys, 'list', 'List the secret keys').action((flags: Flags) =>
    print(flags, listKeys(flags, environment)),
  )
  databaseCommand(keys, 'revoke', 'Refuse a secret key from now on')
    .argument('<key-id>', 'its id, as "keys list" shows it')
    .action((id: string, flags: Flags) => print(flags, revokeKey(id, flags, environment)))
  instanceCommand(keys, 'rotate-signing', 'Sign new tokens with a new key')
    .option('--overlap <seconds>', 'how long the old key still verifies (default: 86400, a day)')
    .action((flags: Flags) => print(flags, rotateSigningKey(flags, environment)))

  const instances = program.command('instances').description('Instances: each has its own users, settings and keys')
  databaseCommand(instances, 'create', 'Make an instance and print its keys')
    .addOption(
      new Option('--environment <type>', 'what kind').choices(['development', 'production']).default('development'),
    )
    .option('--name <name>', 'what it is called')
    .option('--frontend-host <host>', 'the host that its tokens name as their issuer')
    .action((flags: Flags) => print(flags, createInstance(flags, environment)))
  databaseCommand(instances, 'list', 'List the instances').action((flags: Flags) =>
    print(flags, listInstances(flags, environment)),
  )

  return program
}

function serveCommand(program: Command, name: string, description: string): Command {
  return command(program, name, description)
    .option('--database <location>', `a path, :memory: or postgres://… (default: ${DEFAULT_DATABASE})`)
    .option('--port <number>', `where to listen, 0 for a free one (default: ${DEFAULT_PORT})`)
    .option('--host <address>', `the address to listen on (default: ${DEFAULT_HOST})`)
    .option('--secret-key <key>', 'the secret key of the default instance')
    .option('--secret-key-file <file>', 'a file with the secret key')
    .option('--publishable-key <key>', 'the publishable key of the default instance')
    .option('--public-url <url>', 'the base of every URL handed out (default: the address it listens on)')
    .option('--seed <file>', 'JSON or YAML with what to create, once; docs/seed.md describes it')
    .option(
      '--smtp-url <url>',
      'the server that sends mail, smtp://user:password@host:port or smtps://… (default: mail stays queued)',
    )
    .option('--mail-from <domain>', 'the domain of senders, or one address that all mail is from')
    .option(
      '--sms-url <url>',
      'the gateway that sends text messages, https://<account SID>:<auth token>@api.twilio.com (default: they stay queued)',
    )
    .option('--sms-from <number>', 'the number or the messaging service that text messages come from')
    .addOption(
      new Option(
        '--log-level <level>',
        `how much to log on standard error (default: ${name === 'dev' ? 'warn' : 'info'})`,
      ).choices(LOG_LEVELS),
    )
}

function instanceCommand(parent: Command, name: string, description: string): Command {
  return databaseCommand(parent, name, description).option(
    '--instance <id>',
    'which instance (default: the default one)',
  )
}

/** A command on a database that a server may be using. */
function databaseCommand(parent: Command, name: string, description: string): Command {
  return command(parent, name, description).option(
    '--database <location>',
    `a path or postgres://… (default: ${DEFAULT_DATABASE})`,
  )
}

function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'print one line of JSON')
    .addHelpText('after', ENVIRONMENT_HELP)
}
