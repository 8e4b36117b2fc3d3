// A minimal server: node:http and the same statement with which Latchkey reads a user. No key is checked.
import { createServer } from 'node:http'
import { openDatabase } from '../../packages/server/src/storage/open-database.js'
import { loadSqlite } from '../../packages/server/src/storage/sqlite-module.js'
import { userColumn } from '../../packages/server/src/resources/user-records/user-records.store.js'

const [location, port] = process.argv.slice(2) as [string, string]
const database = await openDatabase({ location })
const { sql } = database.read
  .selectFrom('users')
  .select(userColumn.sqlite)
  .where('instance_id', '=', '')
  .where('id', '=', '')
  .compile()
await database.close()

const { DatabaseSync } = loadSqlite()
const connection = new DatabaseSync(location)
connection.exec('pragma cache_size = -32768; pragma mmap_size = 268435456')
const statement = connection.prepare(sql)

const server = createServer((request, response) => {
  const [row] = statement.all(...(['ins_bench', request.url!.slice('/v1/users/'.length)] as never[]))
  const body = JSON.stringify(row)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
server.on('close', () => connection.close())
server.listen(Number(port), '127.0.0.1')
