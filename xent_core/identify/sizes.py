"""Numbers of classes, vocabularies and batches that are common, whose they are, and how often one meets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OFTEN, SOMETIMES, SELDOM = 0.03, 0.006, 0.0015
"""Prior weights: of a hundred numbers that are looked up, about three are ln 10."""
ANY_SIZE = 0.01
"""Of a size that is not listed: this, divided by the size. Large sizes are as likely together as small ones."""
FEW_CLASSES = 1000
"""Up to here the sizes not listed are tried for less usual losses too."""


@dataclass(frozen=True)
class Size:
    """A number of classes that is common."""

    number: int
    weight: float
    whose: str = ""
    """Data sets and models that have it, as a reader sees them; empty: many."""


_LISTED = (
    Size(2, OFTEN),
    Size(3, OFTEN),
    *(Size(n, SOMETIMES) for n in range(4, 10)),
    Size(10, OFTEN, "MNIST, CIFAR-10"),
    *(Size(n, SELDOM) for n in (*range(11, 20), 22, 23, 24, 25, 26, 28, 29, 30, 31, 32, 37, 40, 47, 50, 60, 62)),
    Size(20, SOMETIMES, "20 Newsgroups, VOC without background"),
    Size(21, SOMETIMES, "Pascal VOC with background"),
    Size(27, SOMETIMES, "26 letters and an end mark, as in makemore"),
    Size(64, SELDOM),
    Size(65, SOMETIMES, "the characters of Shakespeare, as in nanoGPT"),
    Size(80, SELDOM, "COCO"),
    Size(81, SELDOM, "COCO with background"),
    Size(91, SELDOM, "COCO"),
    Size(96, SELDOM),
    Size(97, SELDOM, "modular addition"),
    Size(100, OFTEN, "CIFAR-100"),
    Size(101, SOMETIMES, "Food-101, UCF-101, Caltech-101"),
    Size(102, SELDOM, "Oxford flowers"),
    Size(113, SELDOM, "modular addition"),
    Size(120, SELDOM, "Stanford dogs"),
    Size(128, SELDOM),
    Size(150, SOMETIMES, "ADE20K"),
    Size(171, SELDOM, "COCO-Stuff"),
    Size(174, SELDOM, "Something-Something"),
    Size(196, SELDOM, "Stanford cars"),
    Size(200, SOMETIMES, "Tiny ImageNet, CUB birds"),
    Size(205, SELDOM, "Places205"),
    Size(250, SELDOM),
    Size(256, SOMETIMES, "bytes, 8-bit pixels"),
    Size(257, SELDOM, "bytes and a mark, Caltech-256"),
    Size(300, SELDOM),
    Size(345, SELDOM, "DomainNet"),
    Size(365, SOMETIMES, "Places365"),
    Size(397, SELDOM, "SUN397"),
    Size(400, SELDOM, "Kinetics-400"),
    Size(500, SELDOM),
    Size(512, SOMETIMES),
    Size(527, SELDOM, "AudioSet"),
    Size(600, SELDOM, "Kinetics-600"),
    Size(700, SELDOM, "Kinetics-700"),
    Size(1000, OFTEN, "ImageNet"),
    Size(1001, SELDOM, "ImageNet with background"),
    Size(1024, SOMETIMES, "codebooks"),
    Size(1203, SELDOM, "LVIS"),
    Size(2048, SELDOM),
    Size(4096, SOMETIMES),
    Size(8192, SOMETIMES, "codebooks of dVAE and VQ-GAN"),
    Size(8142, SELDOM, "iNaturalist 2018"),
    Size(10_000, SOMETIMES, "Penn Treebank, iNaturalist 2021"),
    Size(10_450, SELDOM, "ImageNet-21k-P"),
    Size(16_384, SELDOM, "codebooks"),
    Size(18_291, SELDOM, "JFT-300M"),
    Size(20_000, SELDOM),
    Size(21_128, SELDOM, "Chinese BERT"),
    Size(21_841, SOMETIMES, "ImageNet-21k"),
    Size(21_843, SELDOM, "ImageNet-21k"),
    Size(28_996, SELDOM, "BERT, cased"),
    Size(30_000, SELDOM, "ALBERT"),
    Size(30_522, SOMETIMES, "BERT, uncased"),
    Size(32_000, OFTEN, "Llama 1 and 2, Mistral, T5"),
    Size(32_001, SELDOM, "Llama with a padding token"),
    Size(32_064, SELDOM, "Phi-3"),
    Size(32_100, SELDOM, "T5"),
    Size(32_128, SELDOM, "T5, padded"),
    Size(32_768, SOMETIMES, "Mistral 0.3"),
    Size(33_278, SELDOM, "WikiText-2"),
    Size(49_152, SELDOM, "StarCoder, SmolLM"),
    Size(49_408, SELDOM, "CLIP’s texts"),
    Size(50_000, SELDOM),
    Size(50_257, OFTEN, "GPT-2"),
    Size(50_265, SELDOM, "RoBERTa, BART"),
    Size(50_272, SELDOM, "OPT"),
    Size(50_280, SELDOM, "Mamba"),
    Size(50_304, SOMETIMES, "GPT-2, padded; Pythia"),
    Size(50_432, SELDOM, "MPT"),
    Size(51_200, SELDOM, "Phi-2"),
    Size(51_865, SELDOM, "Whisper"),
    Size(58_101, SELDOM, "Marian"),
    Size(64_000, SELDOM, "Yi"),
    Size(65_024, SELDOM, "Falcon, ChatGLM"),
    Size(65_536, SELDOM, "RWKV"),
    Size(100_000, SELDOM),
    Size(100_256, SELDOM, "cl100k"),
    Size(100_277, SELDOM, "cl100k"),
    Size(100_278, SELDOM, "OLMo 2"),
    Size(100_352, SELDOM, "Phi-4"),
    Size(119_547, SELDOM, "multilingual BERT"),
    Size(128_000, SOMETIMES, "Llama 3 without special tokens, DeBERTa"),
    Size(128_256, SOMETIMES, "Llama 3"),
    Size(129_280, SELDOM, "DeepSeek V3"),
    Size(131_072, SELDOM, "Mistral Nemo"),
    Size(151_643, SELDOM, "Qwen"),
    Size(151_936, SOMETIMES, "Qwen 2 and 3"),
    Size(152_064, SELDOM, "Qwen, padded"),
    Size(200_019, SELDOM, "o200k"),
    Size(201_088, SELDOM, "gpt-oss"),
    Size(202_048, SELDOM, "Llama 4"),
    Size(250_002, SELDOM, "XLM-R"),
    Size(250_112, SELDOM, "mT5"),
    Size(250_880, SELDOM, "BLOOM"),
    Size(256_000, SOMETIMES, "Gemma"),
    Size(256_128, SELDOM, "Gemma"),
    Size(256_206, SELDOM, "NLLB"),
    Size(262_144, SELDOM, "Gemma 3"),
    Size(262_208, SELDOM, "Gemma 3, padded"),
    Size(267_735, SELDOM, "WikiText-103"),
)
_CONTRASTIVE = (
    *(Size(2 * batch - 1, SELDOM / 2) for batch in (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)),
    Size(4097, SELDOM, "a queue of 4,096 negatives, as in MoCo"),
    Size(16_385, SELDOM / 2, "a queue of 16,384 negatives"),
    Size(65_537, SELDOM, "MoCo’s queue of 65,536 negatives"),
)

SIZES: Mapping[int, Size] = MappingProxyType({size.number: size for size in (*_CONTRASTIVE, *_LISTED)})
"""The common sizes, by their number."""
OF_A_CONTRASTIVE_BATCH = frozenset(size.number for size in _CONTRASTIVE[:10])
"""2B − 1 for a usual batch B: how many candidates SimCLR gives each example."""


def weight_of(n: int) -> float:
    """How often one meets n classes: listed, or as any other.

    >>> weight_of(10) > weight_of(57) > weight_of(4711)
    True
    """
    return SIZES[n].weight if n in SIZES else ANY_SIZE / n


def whose(n: int) -> str:
    """Data sets and models with n classes; empty where none stands out."""
    return SIZES[n].whose if n in SIZES else ""


def is_common(n: int) -> bool:
    """Whether n is listed as met at least sometimes."""
    return n in SIZES and SIZES[n].weight >= SOMETIMES
