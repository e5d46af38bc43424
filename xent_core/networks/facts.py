"""AlexNet and ResNet, layer by layer, and how often they are right: what a page needs to draw and name them.

Every one ends in 1000 outputs without activation, then softmax; the loss is cross-entropy.

Source: Krizhevsky, Sutskever & Hinton, "ImageNet classification with deep convolutional neural networks" (2012);
Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014); He et al., "Deep residual learning
for image recognition" (2016); torchvision 0.28.0, whose networks have the same counts of parameters.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerFacts:
    """A layer with weights: `kernel` × `kernel` (1 where it is fully connected), `side` places high and wide after it.

    With two `groups` each half of the channels out sees half of the channels in. `pooled` is the side after the
    3 × 3 max pooling of stride 2 that follows, 0 where none does.
    """

    name: str
    kernel: int
    stride: int
    padding: int
    channels_in: int
    channels_out: int
    side: int
    groups: int = 1
    pooled: int = 0

    @property
    def parameters(self) -> int:
        """Weights and biases: kernel² · in / groups · out + out.

        >>> LayerFacts("fc8", 1, 1, 0, 4096, 1000, 1).parameters
        4097000
        """
        return (self.kernel**2 * self.channels_in // self.groups + 1) * self.channels_out


_FULLY_CONNECTED = (
    LayerFacts("fc6", 1, 1, 0, 9216, 4096, 1),
    LayerFacts("fc7", 1, 1, 0, 4096, 4096, 1),
    LayerFacts("fc8", 1, 1, 0, 4096, 1000, 1),
)

ALEXNET = (
    LayerFacts("conv1", 11, 4, 2, 3, 64, 55, pooled=27),
    LayerFacts("conv2", 5, 1, 2, 64, 192, 27, pooled=13),
    LayerFacts("conv3", 3, 1, 1, 192, 384, 13),
    LayerFacts("conv4", 3, 1, 1, 384, 256, 13),
    LayerFacts("conv5", 3, 1, 1, 256, 256, 13, pooled=6),
    *_FULLY_CONNECTED,
)
"""AlexNet in a single column, as of 2014 and in torchvision: 61 100 840 parameters, photos of 224 × 224."""

ALEXNET_2012 = (
    LayerFacts("conv1", 11, 4, 0, 3, 96, 55, pooled=27),
    LayerFacts("conv2", 5, 1, 2, 96, 256, 27, groups=2, pooled=13),
    LayerFacts("conv3", 3, 1, 1, 256, 384, 13),
    LayerFacts("conv4", 3, 1, 1, 384, 384, 13, groups=2),
    LayerFacts("conv5", 3, 1, 1, 384, 256, 13, groups=2, pooled=6),
    *_FULLY_CONNECTED,
)
"""AlexNet as of 2012, on two graphics processors: 60 965 224 parameters, photos of 227 × 227 (the paper says 224)."""


@dataclass(frozen=True)
class ResNetFacts:
    """A ResNet: after a 7 × 7 convolution and a pooling, four stages of `blocks`, at 56, 28, 14 and 7 places a side.

    A block adds to its input what two 3 × 3 convolutions make of it, or with `bottleneck` 1 × 1, 3 × 3 and 1 × 1. Batch
    norm follows every convolution. The last layer takes the mean over the 7 × 7 places to 1000 outputs.
    """

    name: str
    blocks: tuple[int, int, int, int]
    bottleneck: bool
    multiply_adds: float

    @property
    def features(self) -> int:
        """How many numbers the last layer sees."""
        return 2048 if self.bottleneck else 512

    @property
    def parameters(self) -> int:
        """Weights, and two numbers of batch norm for each channel: the sum over all layers."""
        return sum(parameters for _, _, parameters in self.stages)

    @property
    def stages(self) -> tuple[tuple[str, int, int], ...]:
        """(name, values that come out, parameters) of the first convolution, the four stages and the last layer."""
        rows, channels = [("conv1", 64 * 112**2, _normed(7, 3, 64))], 64
        for stage, blocks in enumerate(self.blocks):
            inner, side = 64 * 2**stage, 56 // 2**stage
            outer, total = (4 * inner if self.bottleneck else inner), 0
            for block in range(blocks):
                if self.bottleneck:
                    total += _normed(1, channels, inner) + _normed(3, inner, inner) + _normed(1, inner, outer)
                else:
                    total += _normed(3, channels, inner) + _normed(3, inner, outer)
                if block == 0 and channels != outer:
                    total += _normed(1, channels, outer)  # the input takes the new shape
                channels = outer
            rows.append((f"stage {stage + 1}", outer * side**2, total))
        return (*rows, ("fc", 1000, (channels + 1) * 1000))


def _normed(kernel: int, channels_in: int, channels_out: int) -> int:
    """The parameters of a convolution without biases, and of the batch norm after it."""
    return (kernel**2 * channels_in + 2) * channels_out


RESNETS = (
    ResNetFacts("ResNet-18", (2, 2, 2, 2), False, 1.814e9),
    ResNetFacts("ResNet-34", (3, 4, 6, 3), False, 3.664e9),
    ResNetFacts("ResNet-50", (3, 4, 6, 3), True, 4.089e9),
)


@dataclass(frozen=True)
class Accuracy:
    """A published share of right answers on ImageNet, first and among the first five, and where it was published.

    Validation set unless `source` says otherwise; `top_1` is None where only `top_5` is published.
    """

    network: str
    top_1: float | None
    top_5: float
    source: str


ACCURACIES = (
    Accuracy("AlexNet, single column", 0.56522, 0.79066, "torchvision 0.28.0, one crop"),
    Accuracy("AlexNet, 2012", 0.625, 0.830, "the paper’s abstract, test set of ILSVRC-2010"),
    Accuracy("AlexNet, 2012, the entry that won", None, 0.847, "the paper’s abstract, test set of ILSVRC-2012"),
    Accuracy("AlexNet, Caffe’s replication", 0.571, 0.802, "BVLC/caffe, models/bvlc_alexnet, one crop"),
    Accuracy("ResNet-18", 0.69758, 0.89078, "torchvision 0.28.0, weights V1, one crop"),
    Accuracy("ResNet-34", 0.73314, 0.91420, "torchvision 0.28.0, weights V1, one crop"),
    Accuracy("ResNet-50", 0.76130, 0.92862, "torchvision 0.28.0, weights V1, one crop"),
    Accuracy("ResNet-50, newer training", 0.80858, 0.95434, "torchvision 0.28.0, weights V2, one crop"),
    Accuracy("ResNet-50, the authors’ model", 0.753, 0.922, "KaimingHe/deep-residual-networks, one crop"),
)

CAFFE_ALEXNET_LOSS = 1.839
"""The lowest validation loss of Caffe's AlexNet, in nats (BVLC/caffe, models/bvlc_alexnet/readme.md)."""
