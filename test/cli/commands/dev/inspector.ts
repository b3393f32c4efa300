/** A debugger, as far as tests need one: the main thread by the DevTools protocol, its workers by NodeWorker. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #heard: { readonly method: string; readonly params: Record<string, unknown> }[] = [];
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data))));
  }

  /** Finds the target as Chrome and VS Code do. */
  static async attach(port: number): Promise<Inspector> {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [target] = (await answer.json()) as { readonly webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("no debugger here")));
    });
    return new Inspector(socket);
  }

  send(method: string, params: object = {}): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** To all worker threads, which must have attached. */
  async sendToWorkers(method: string): Promise<void> {
    for (const { sessionId } of this.#params("NodeWorker.attachedToWorker")) {
      this.#count += 1;
      const message = JSON.stringify({ id: this.#count, method, params: {} });
      await this.send("NodeWorker.sendMessageToWorker", { sessionId, message });
    }
  }

  /** Events of worker threads so far. */
  ofWorkers(method: string): unknown[] {
    return this.#params("NodeWorker.receivedMessageFromWorker")
      .map(({ message }) => JSON.parse(String(message)) as { method?: string; params?: unknown })
      .filter((message) => message.method === method)
      .map(({ params }) => params);
  }

  get workers(): number {
    return this.#params("NodeWorker.attachedToWorker").length;
  }

  close(): void {
    this.#socket.close();
  }

  #params(method: string): Record<string, unknown>[] {
    return this.#heard.filter((message) => message.method === method).map(({ params }) => params);
  }

  #take(message: { id?: number; result?: unknown; method?: string; params?: unknown }): void {
    if (message.id !== undefined) this.#waiting.get(message.id)?.(message.result);
    else if (message.method !== undefined)
      this.#heard.push({
        method: message.method,
        params: message.params as Record<string, unknown>,
      });
  }
}
