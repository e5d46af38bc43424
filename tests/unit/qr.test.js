// Codes that the Python package qrcode 8.2 made of the same links, row by row; zxing reads them.

import assert from "node:assert/strict";
import { qr } from "../../pages/parts/browser/rooms/qr.js";

const MADE = {
  "http://127.0.0.1:8655/?room=BCDF-GHJK": [
    "1fc8ba7f 1046a941 175c435d 17530a5d 1753b25d 1056ed41 1fd5557f 17a500 17cd497c 11b3ed1 f7e3950",
    "1d8651d2 16eb29ac f93fe55 dcaf884 122cb3a2 cc34984 1aab0edd 1157206c 122450f2 11542ff7 10fb1f",
    "1fc5e35c 105ab110 175661fc 175a35a3 17543d5a 104cc782 1fd0601c",
  ].join(" "),
  "https://cross-entropy.example.org/lessons/?room=KMNP-RSTW": [
    "1fc00e37f 104531441 175c70f5d 175e2255d 175efa25d 105ac8d41 1fd55557f 1814f00 17cec947c b8b9726d",
    "cf1ec4d4 d35b4fdf 1966514ba 1b8921a4b 1ecfb0cda 17afa3eec 1f61eb6b1 39fd326d 4f6adcf6 a0fe3e7d",
    "9d522298 1920397c9 106e05416 162a55aee 11685a7f1 1a57517 1fc5f0f56 1055b6f1f 1751c0dfb 175be189f",
    "1756f5dec 10411281c 1fddeb5ea",
  ].join(" "),
};

for (const [link, rows] of Object.entries(MADE)) {
  Deno.test(`the code of ${link} is what another program makes of it`, () => {
    assert.deepEqual(qr(link)?.map((row) => parseInt(row.map(Number).join(""), 2).toString(16)).join(" "), rows);
  });
}

Deno.test("a link of up to 106 bytes has a code, a longer one none", () => {
  assert.deepEqual([1, 14, 15, 106].map((length) => qr("x".repeat(length))?.length), [21, 21, 25, 41]);
  assert.equal(qr("x".repeat(107)), null);
  assert.equal(qr("é".repeat(54)), null);
});
