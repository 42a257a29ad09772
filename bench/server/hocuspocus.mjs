// Hocuspocus as its documentation starts it, in memory. The bench says where the package lies.
const { Server } = await import(process.argv[2]);

const server = new Server({ port: Number(process.env.PORT), address: "127.0.0.1", quiet: true });
await server.listen();
console.log("ready");
