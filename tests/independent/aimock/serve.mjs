// aimock with one answer for everything: what it says is ours, how it says it is its own.
import { readFileSync } from "node:fs";
import { LLMock } from "@copilotkit/aimock";

const [, , picture, speech, ...apiKeys] = process.argv;
const base64 = (path) => readFileSync(path).toString("base64");
const mock = new LLMock({ port: 0, logLevel: "silent", auth: { apiKeys } });

const isCall = (request) =>
  request.tools?.length > 0 &&
  request.tool_choice !== "none" &&
  request.messages.at(-1).role !== "tool";
const call = (request) => ({
  toolCalls: [{ name: request.tools[0].function.name, arguments: { city: "Lisbon" } }],
});
mock.on({ endpoint: "chat", predicate: isCall }, call);
mock.on({ endpoint: "chat" }, { content: "This is what is said to everybody." });
mock.onEmbedding(/.*/s, { embedding: Array.from({ length: 768 }, (_, n) => (n % 7) / 100) });
mock.onImage(/.*/s, { image: { b64Json: base64(picture) } });
mock.onSpeech(/.*/s, { audio: base64(speech), format: "mp3" });
mock.onTranscription({ transcription: { text: "Hello.", language: "english", duration: 1 } });
await mock.start();
console.log(`serving at ${mock.url}`);
