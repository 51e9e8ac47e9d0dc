// The AWS SDK for JavaScript as client_matrix.py drives it: a line of tabs in, `ok` or `fail` and what it found out.
import { createReadStream, createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import {
  CopyObjectCommand, CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand,
  S3Client, paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const s3 = new S3Client({ endpoint: process.env.SKARB_S3, region: "us-east-1", forcePathStyle: true });
const pathOf = (bucket, key) => `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;

async function download(input, file) {
  const answer = await s3.send(new GetObjectCommand(input));
  await pipeline(answer.Body, createWriteStream(file));
}

const verbs = {
  async make_bucket(Bucket) {
    await s3.send(new CreateBucketCommand({ Bucket }));
  },
  async put(Bucket, Key, file) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(file) }));
  },
  async put_in_parts(Bucket, Key, file) {
    await new Upload({ client: s3, partSize: 8 << 20, params: { Bucket, Key, Body: createReadStream(file) } }).done();
  },
  async get(Bucket, Key, file) {
    await download({ Bucket, Key }, file);
  },
  async list(Bucket, Prefix) {
    const keys = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
      keys.push(...(page.Contents ?? []).map((entry) => entry.Key));
    }
    return keys;
  },
  async range(Bucket, Key, first, last, file) {
    await download({ Bucket, Key, Range: `bytes=${first}-${last}` }, file);
  },
  async copy(Bucket, Key, target) {
    await s3.send(new CopyObjectCommand({ Bucket, Key: target, CopySource: pathOf(Bucket, Key) }));
  },
  async delete(Bucket, Key) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  },
  async undelete(Bucket, Key) {
    const found = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: found.DeleteMarkers[0].VersionId }));
  },
  async presign(Bucket, Key) {
    return [await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 })];
  },
  async presign_put(Bucket, Key) {
    return [await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }), { expiresIn: 60 })];
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [, verb, ...words] = line.split("\t");
  let answer;
  try {
    answer = ["ok", ...((await verbs[verb](...words)) ?? [])];
  } catch (error) {
    answer = ["fail", `${error.name}: ${error.message}`.replaceAll(/\s+/g, " ")];
  }
  process.stdout.write(answer.join("\t") + "\n");
}
