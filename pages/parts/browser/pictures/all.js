// The pictures, by name.

import { batch_picture } from "../batch/picture.js";
import { layers } from "../photos/layers.js";
import { networks } from "../photos/networks.js";
import { strip } from "../photos/strip.js";
import { accuracy, learning } from "../training/curves.js";
import { digits, weights } from "../training/pictures.js";
import { exponentials, shares } from "./bars.js";
import { cost } from "./cost.js";
import { descent } from "./descent.js";
import { floors } from "./floors.js";
import { forms } from "./forms.js";
import { loss, slope } from "./gap.js";
import { triangle } from "./triangle.js";
import { twice } from "./twice.js";

export const PICTURES = {
  cost,
  exponentials,
  shares,
  twice,
  forms,
  floors,
  loss,
  slope,
  triangle,
  descent,
  batch: batch_picture,
  strip,
  networks,
  layers,
  learning,
  accuracy,
  weights,
  digits,
};
