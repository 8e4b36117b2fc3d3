// Required into every Node.js process of a run: connections to the vendor's hosts go to the gateway of this machine.
const { promises } = require('node:dns')
const { Socket } = require('node:net')

const port = Number(process.env.VENDOR_SUITE_TLS_PORT)
const hosts = /^(api\.clerk\.com|mailsac\.com|(.+\.)?accounts\.dev)$/

const isOurs = (host) => typeof host === 'string' && hosts.test(host)

const lookup = require('node:dns').lookup
require('node:dns').lookup = (host, options, callback) =>
  isOurs(host) ? lookup('127.0.0.1', options, callback) : lookup(host, options, callback)
const lookupLater = promises.lookup
promises.lookup = (host, options) => lookupLater(isOurs(host) ? '127.0.0.1' : host, options)

const connect = Socket.prototype.connect
Socket.prototype.connect = function (...args) {
  // Node.js hands itself normalized arguments: an array in an array.
  const options = Array.isArray(args[0]) ? args[0][0] : args[0]
  if (options && Number(options.port) === 443 && (isOurs(options.host) || options.host === '127.0.0.1')) {
    Object.assign(options, { host: '127.0.0.1', port })
  }
  return connect.apply(this, args)
}
