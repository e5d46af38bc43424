// The same loss by four routes, as a library would write them: both forms, and the gradient at the wanted class.

import { routes_of, target_class } from "../example/derive.js";
import { logits_at } from "../example/descent.js";
import { head, make, number_place, put_number } from "../screen/elements.js";
import { sample } from "../screen/plot.js";
import { MARKS } from "../pictures/gap.js";

const ROUTES = { naive: "naive", discarded: "result thrown away", clipped: "clipped", fused: "fused" };
const KINDS = { categorical: "loss", bernoulli: "Bernoulli", gradient: "∂L/∂z" };

export function routes(stage) {
  const places = Object.keys(ROUTES).flatMap((route) =>
    Object.keys(KINDS).map((kind) => {
      const place = number_place(`${route}_${kind}`, "total", "td");
      stage.painters.push((scene, result) => {
        const found = route === "clipped" ? clipped_of(scene, result) : result.routes[route];
        put_number(place, kind === "gradient" ? found.gradient[target_class(scene.example)] : found[kind]);
      });
      place.classList.add(kind === "gradient" ? "gradient" : "loss");
      return [route, place];
    })
  );
  const rows = Object.entries(ROUTES).map(([route, word]) =>
    make(
      "tr",
      { dataset: { route } },
      make("th", { scope: "row" }, word, " ", MARKS[route] ? sample(MARKS[route], route) : ""),
      ...places.filter(([own]) => own === route).map(([, place]) => place),
    )
  );
  return make(
    "table",
    { className: "routes" },
    head(["route", ...Object.values(KINDS)]),
    make("tbody", {}, ...rows),
  );
}

// After steps downhill the clipped loss stands where its own gradient led it.
const clipped_of = (scene, result) =>
  scene.descent ? routes_of({ ...scene.example, logits: logits_at(scene, "clipped") }).clipped : result.routes.clipped;
