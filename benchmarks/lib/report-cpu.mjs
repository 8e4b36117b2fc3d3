// Preloaded into a measured process: answers each message with what it has used so far.
process.on('message', () => {
  process.send({ cpu: process.cpuUsage(), memory: process.memoryUsage().rss })
})
// The channel alone must not keep a process alive that wants to end.
process.channel?.unref()
