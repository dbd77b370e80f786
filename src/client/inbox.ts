/** A queue with one reader: messages wait for it, or it for them. Knows nothing of sockets. */

export function createInbox<Message>() {
  const waiting: Message[] = []
  let reader: { resolve(result: IteratorResult<Message>): void; reject(error: Error): void } | undefined
  let ended = false
  let failure: Error | undefined
  const end = { done: true, value: undefined } as const
  return {
    push(message: Message) {
      if (reader === undefined) waiting.push(message)
      else reader.resolve({ done: false, value: message })
      reader = undefined
    },
    end(error: Error | undefined) {
      ended = true
      failure = error
      if (error === undefined) reader?.resolve(end)
      else reader?.reject(error)
      reader = undefined
    },
    next(): Promise<IteratorResult<Message>> {
      const message = waiting.shift()
      if (message !== undefined) return Promise.resolve({ done: false, value: message })
      if (ended) return failure === undefined ? Promise.resolve(end) : Promise.reject(failure)
      return new Promise((resolve, reject) => {
        reader = { resolve, reject }
      })
    },
  }
}
