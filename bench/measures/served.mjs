// What a decision over HTTP costs beside an answer that is always the same, from the same framework: the processor time
// of the server's process for each request. Wall time would be mostly that of the client and of the other processes.
import { spawn } from 'node:child_process'
import { createConnection } from 'node:net'
import { fileURLToPath } from 'node:url'

import { random, shuffle } from '../workload.mjs'
import { measure } from './child.mjs'

const connections = 16
const perSample = 2000
const names = ['a fixed answer', 'a decision']

await measure(async ({ rounds, warmUp = 10, progress }) => {
  const server = await startServer()
  const lanes = server.ports.map((port, i) => ({ name: names[i], client: connect(port) }))
  const draw = random(29)
  const times = lanes.map(() => [])
  try {
    for (let round = -warmUp; round < rounds; round++) {
      for (const index of shuffle([...lanes.keys()], draw)) {
        const before = await server.cpu()
        await lanes[index].client.ask(perSample)
        const time = ((await server.cpu()) - before) / perSample
        if (round >= 0) times[index].push(time)
      }
      progress((round + warmUp + 1) / (rounds + warmUp))
    }
  } finally {
    for (const { client } of lanes) client.close()
    server.stop()
  }
  return lanes.map(({ name }, i) => ({ name, times: times[i] }))
})

/** The server in a process of its own; `cpu` is the processor time that it has used, in nanoseconds. */
function startServer() {
  const file = fileURLToPath(new URL('../served-child.mjs', import.meta.url))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const next = () => new Promise((resolve) => child.once('message', resolve))
  return next().then(({ ports }) => ({
    ports,
    cpu: async () => {
      child.send('cpu')
      return (await next()).cpu
    },
    stop: () => child.disconnect()
  }))
}

/**
 * Some connections, each with one request under way: pipelined answers would be written together, and that the more, the
 * sooner a handler ends. Each answer is looked at: it has to be the right one.
 */
function connect(port) {
  const body = JSON.stringify({
    subject: { type: 'user', id: 'u7' },
    action: { name: 'read' },
    resource: { type: 'note', id: 'n1', properties: { owner: 'u7', org: 'o1' } }
  })
  const request = Buffer.from(
    `POST /access/v1/evaluation HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-request-id: r1\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
  const sockets = Array.from({ length: connections }, () =>
    createConnection({ port, host: '127.0.0.1', noDelay: true })
  )
  const state = { left: 0, open: 0, end: () => undefined }
  const next = (socket) => {
    if (state.left > 0) {
      state.left--
      socket.write(request)
    } else if (--state.open === 0) state.end()
  }
  for (const socket of sockets)
    socket.on('data', (chunk) => {
      if (!chunk.toString().endsWith('{"decision":true}')) throw new Error('the server gave another answer')
      next(socket)
    })
  return {
    ask: (count) =>
      new Promise((resolve) => {
        Object.assign(state, { left: count, open: connections, end: resolve })
        for (const socket of sockets) next(socket)
      }),
    close: () => {
      for (const socket of sockets) socket.destroy()
    }
  }
}
