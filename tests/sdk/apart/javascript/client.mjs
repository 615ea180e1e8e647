// What a user of `@runware/sdk-js` does, told as one line of JSON.
import { Runware } from "@runware/sdk-js";

const [, , url, apiKey, image] = process.argv;
const runware = new Runware({ apiKey, url, shouldReconnect: false });
const failure = (error) => error.error ?? error;

await runware.ensureConnection();
const told = {
  caption: await runware.caption({ inputs: { image }, model: "runware:152@1", includeCost: true }),
  older: await runware.requestImageToText({ inputImage: image }),
  several: await Promise.all([1, 2, 3].map(() => runware.requestImageToText({ inputImage: image }))),
};
const upload = await runware.imageUpload({ image });
told.uploaded = await runware.caption({
  inputs: { image: upload.imageUUID },
  model: "runware:152@1",
});
told.lost = await runware
  .caption({ inputs: { image: "https://images.example.invalid/a.jpg" }, model: "runware:152@1" })
  .catch(failure);
console.log(JSON.stringify(told));
process.exit(0);
