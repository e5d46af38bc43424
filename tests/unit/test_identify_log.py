"""Log lines of the usual loggers: which numbers are losses, which one is taken, and what the numbers say together."""

import contextlib
import math
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xent_core.identify import Measure, Moment, Precision, Status
from xent_core.identify.causes import Cause
from xent_core.identify.choice import Sign, Which, identify
from xent_core.identify.log import LONGEST, Role, read_log, role_of
from xent_core.identify.words import option_label, sign_told, told, verdict
from xent_core.libraries.convention import Library

KERAS = (
    "1875/1875 [==============================] - 5s 2ms/step - loss: 2.3026 - accuracy: 0.1000 "
    "- val_loss: 2.3025 - val_accuracy: 0.1135"
)
IMAGENET = "Epoch: [0][  0/5005]\tTime  7.34 ( 7.34)\tLoss 7.0042e+00 (7.0042e+00)\tAcc@1   0.00 (  0.00)"
MEGATRON = (
    " iteration       10/  500000 | consumed samples: 2560 | elapsed time per iteration (ms): 500.0 | learning rate: "
    "1.5E-05 | global batch size: 256 | lm loss: 1.083422E+01 | loss scale: 1.0 | grad norm: 1.2"
)
CAFFE = (
    "Iteration 0, loss = 6.9063\n    Train net output #0: loss = 6.90727 (* 1 = 6.90727 loss)\nTest accuracy = 0.001"
)
LINES = [
    ("Epoch 1 loss 2.3026 acc 0.10", {"loss": ["2.3026"]}),
    ("Epoch [1/10], Step [100/600], Loss: 2.3026", {"Loss": ["2.3026"]}),
    ("Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.300039", {"Loss": ["2.300039"]}),
    ("[1,  2000] loss: 2.173", {"loss": ["2.173"]}),
    ("Test set: Average loss: 0.0493, Accuracy: 9830/10000 (98%)", {"Average loss": ["0.0493"]}),
    (IMAGENET, {"Loss": ["7.0042e+00"]}),
    (KERAS, {"loss": ["2.3026"], "val_loss": ["2.3025"]}),
    ("1875/1875 ━━━━ 5s 2ms/step - accuracy: 0.1000 - loss: 14.5063", {"loss": ["14.5063"]}),
    ("{'loss': 10.9021, 'grad_norm': 1.5, 'learning_rate': 5e-05, 'epoch': 0.01}", {"loss": ["10.9021"]}),
    ("{'eval_loss': nan, 'eval_runtime': 1.2, 'eval_samples_per_second': 3.1}", {"eval_loss": ["nan"]}),
    ("{'loss': '0.0', 'grad_norm': 'nan', 'learning_rate': '5e-05'}", {"loss": ["0.0"]}),
    (
        "Epoch 0: 100%|███| 938/938 [00:10<00:00, 90.1it/s, v_num=0, train_loss=2.300, val_loss=2.310]",
        {"train_loss": ["2.300"], "val_loss": ["2.310"]},
    ),
    ("Loss: 2.3026: 45%|████ | 45/100 [00:01<00:02, 30.1it/s]", {"Loss": ["2.3026"]}),
    ("wandb:       train/loss 2.30259\nwandb: train/acc 0.1", {"train/loss": ["2.30259"]}),
    ("step 0: train loss 10.9886, val loss 10.9898", {"train loss": ["10.9886"], "val loss": ["10.9898"]}),
    ("iter 0: loss 10.9886, time 1234.56ms, mfu -100.00%", {"loss": ["10.9886"]}),
    (
        "| epoch 001 | loss 15.32 | nll_loss 14.5 | ppl 23170.47 | wps 12",
        {"loss": ["15.32"], "nll_loss": ["14.5"], "ppl": ["23170.47"]},
    ),
    (CAFFE, {"loss": ["6.9063", "6.90727"]}),
    ("step    1/18865 | train loss 10.975132 | norm 15.3 | lr 1e-5", {"train loss": ["10.975132"]}),
    ("step:0/1393 val_loss:10.8258 train_time:0ms", {"val_loss": ["10.8258"]}),
    (MEGATRON, {"lm loss": ["1.083422e+01"]}),
    ("epoch,loss,val_loss\n0,2.30,2.31\n1,2.1,2.2", {"loss": ["2.30", "2.1"], "val_loss": ["2.31", "2.2"]}),
    (
        "Step\tTraining Loss\tValidation Loss\n500\t2.31\t2.29\n1000\t2.2\t2.1",
        {"Training Loss": ["2.31", "2.2"], "Validation Loss": ["2.29", "2.1"]},
    ),
    ("      Epoch    GPU_mem   cls_loss\n       1/3       0G     4.605", {"cls_loss": ["4.605"]}),
    (
        "{'loss': [2.3026, 2.3025], 'val_loss': [2.3, 2.31]}",
        {"loss": ["2.3026", "2.3025"], "val_loss": ["2.3", "2.31"]},
    ),
    ("tensor([2.0560, 2.6612, -2.2593], device='cuda:0')", {"": ["2.0560", "2.6612", "-2.2593"]}),
    (
        '{"byte_perplexity": 1.5015, "bits_per_byte": 0.5864}',
        {"byte_perplexity": ["1.5015"], "bits_per_byte": ["0.5864"]},
    ),
    ("|wikitext|      1|none  |     0|word_perplexity|↓  |8.7921|±  |N/A|", {"word_perplexity": ["8.7921"]}),
    ("[0]\ttrain-mlogloss:1.08\teval-mlogloss:1.09", {"train-mlogloss": ["1.08"], "eval-mlogloss": ["1.09"]}),
    ("Iteration 1, loss = 2.30258509", {"loss": ["2.30258509"]}),
    ("loss=tensor(2.3026, device='cuda:0', grad_fn=<NllLossBackward0>)", {"loss": ["2.3026"]}),
    ("loss: 2,3026 - acc: 0,10", {"loss": ["2.3026"]}),
    ("loss: 1,19e-07", {"loss": ["1.19e-07"]}),
    ("loss is 2.3026", {"loss": ["2.3026"]}),
    ("50257 perplexity", {"perplexity": ["50257"]}),
    ("0.97 bits per byte", {"bits per byte": ["0.97"]}),
    ("2.3026 (10 classes)", {"": ["2.3026"]}),
    ("4.605 (n = 100)", {"": ["4.605"]}),
    ("0.6931 binary", {"": ["0.6931"]}),
    ("nan, step 300, fp16", {"": ["nan"]}),
    ("epoch 3: 0.4", {"": ["0.4"]}),
    ("mean vs sum: .6053 vs 1.21", {"": [".6053", "1.21"]}),
    ("2.3026\n2.3026", {"": ["2.3026", "2.3026"]}),
    ("│         test_loss         │    0.6931471824645996     │", {"test_loss": ["0.6931471824645996"]}),
    ("Loss after epoch 1: 2.3026", {"loss": ["2.3026"]}),
    ("Training loss (for one batch) at step 0: 134.3001", {"loss": ["134.3001"]}),
    ("epoch train_loss valid_loss\n0 2.3026 2.3027", {"train_loss": ["2.3026"], "valid_loss": ["2.3027"]}),
    ("Wall time,Step,Value\n1690000000.1,0,2.3026", {"Value": ["2.3026"]}),
    ("2024-01-01 12:00:00,123 INFO step=100 loss=2.3026", {"loss": ["2.3026"]}),
    ("step: 0, loss: Array(2.3026, dtype=float32)", {"loss": ["2.3026"]}),
    ("Epoch 00012: val_loss did not improve from 2.30261", {"loss": ["2.30261"]}),
    ("D loss: 1.3863, G loss: 0.6931", {"D loss": ["1.3863"], "G loss": ["0.6931"]}),
    ("my loss is stuck at 2.303, 10 classes", {"loss": ["2.303"]}),
    ("\x1b[32m[2024-01-01 12:00:00]\x1b[0m \x1b[1mloss\x1b[0m: \x1b[31m2.3026\x1b[0m", {"loss": ["2.3026"]}),
    ("step 1,048,576 loss: 12,345.67 lr 0.1", {"loss": ["12345.67"]}),
    ("epoch,loss\n1,200.5\n2,180.3", {"loss": ["200.5", "180.3"]}),
    ("      loss  acc\n0  2.302585  0.1\n10  2.252585  0.2", {"loss": ["2.302585", "2.252585"]}),
    (
        "  Epoch  GPU_mem  cls_loss  Size\n    1/9     4.5G     4.382   640: 100%|███| 63/63 [00:10<00:00,  6.01it/s]",
        {"cls_loss": ["4.382"]},
    ),
    ("epoch  loss\n1 2.3026", {"loss": ["2.3026"]}),
    ("step;loss\n0;2,3026\n1;2,299", {"loss": ["2.3026", "2.299"]}),
    (
        "1 0.6931 0.5\n2 0.6930 0.51\n3 0.6929 0.52",
        {"column 2": ["0.6931", "0.6930", "0.6929"], "column 3": ["0.5", "0.51", "0.52"]},
    ),
    ("val_loss improved from inf to 2.30259, saving", {"val_loss": ["2.30259"]}),
    ("val_loss improved from 2.4 to 2.30259, saving", {"val_loss": ["2.4", "2.30259"]}),
    ("Validation loss decreased (inf --> 0.693147).  Saving", {"Validation loss": ["0.693147"]}),
    ("loss after 100 steps is 0.6931", {"loss": ["0.6931"]}),
    ("mean loss over 1000 batches: 0.6931", {"mean loss": ["0.6931"]}),
    ("loss 15.6171 bits", {"loss, bits": ["15.6171"]}),
    ("| epoch | loss |\n|---|---|\n| 1 | 2.3026 |", {"loss": ["2.3026"]}),
]


@pytest.mark.parametrize(("text", "losses"), LINES, ids=[text[:30] for text, _ in LINES])
def test_the_losses_of_the_usual_loggers_are_read_by_name(text, losses):
    assert {series.name: list(series.texts) for series in read_log(text).losses} == losses


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("val_loss", Role.LOSS),
        ("training's binary_logloss", Role.LOSS),
        ("cross entropy", Role.LOSS),
        ("train/ppl", Role.PERPLEXITY),
        ("val_bpb", Role.BITS),
        ("Acc@1", Role.ACCURACY),
        ("val_accuracy", Role.ACCURACY),
        ("global_step", Role.TIME),
        ("Train Epoch", Role.EPOCH),
        ("loss scale", Role.OTHER),
        ("grad_norm", Role.GRADIENT),
        ("loss_bbox", Role.ANOTHER_LOSS),
        ("moe aux loss", Role.ANOTHER_LOSS),
        ("dice_loss", Role.ANOTHER_LOSS),
        ("bce_dice_loss", Role.LOSS),
        ("learning_rate", Role.OTHER),
        ("batch size", Role.BATCH),
        ("vocab_size", Role.CLASSES),
        ("label_smoothing", Role.SMOOTHING),
        ("gradient_accumulation_steps", Role.ACCUMULATION),
    ],
)
def test_names_stand_for_what_they_say(name, role):
    assert role_of(name) is role


def test_what_is_said_beside_the_numbers_is_taken_for_known():
    said = read_log("vocab_size: 50257, batch_size=8, gradient_accumulation_steps 4, bf16=True, torch\nloss: 3.2").said
    assert (said.classes, said.batch, said.accumulation) == (50257, 8, 4)
    assert (said.precision, said.library) == (Precision.BFLOAT16, Library.PYTORCH)
    assert read_log("nan, step 300, fp16").said.precision is Precision.FLOAT16
    assert read_log(KERAS).said.library is Library.KERAS


def test_accuracy_is_a_share_however_it_is_written():
    for text in ("loss 1.2 acc 0.1", "loss 1.2 acc 10.0", "loss 1.2 acc 10%", "loss 1.2 accuracy: 1000/10000 (10%)"):
        assert identify(text).option.context.accuracy == pytest.approx(0.1)


def test_accuracies_are_shares_or_percent_as_their_whole_series_shows():
    percent = identify(
        "\n".join(f"loss {4.6052 - i / 1e4:.4f} acc {acc}" for i, acc in enumerate(("1.1", "0.98", "1.2")))
    )
    assert percent.option.context.accuracy == pytest.approx(0.0098)
    assert identify("Loss 6.9088 Acc@1 0.50 Acc@5 2.4").option.context.accuracy == pytest.approx(0.005)
    assert identify("Loss 6.9088 Acc@1 0.10 Acc@5 0.5").option.context.accuracy is None


def test_a_loss_that_is_no_cross_entropy_by_its_name_comes_last():
    assert identify("moe aux loss: 1.000000E+00 | lm loss: 1.184524E+01").option.series.name == "lm loss"
    assert identify("loss_bbox: 0.0, loss_cls: nan").found.answers[0].cause is not Cause.MEAN_OF_NOTHING
    (seen,) = identify("l1_loss: 2.3026").seen
    assert sign_told(seen) == "l1_loss is no cross-entropy by its name: what fits may do so by chance."


def test_a_0_beside_a_gradient_that_is_no_number_hides_a_nan():
    line = "{{'loss': 0.0, 'grad_norm': {}, 'learning_rate': 5e-05}}"
    hidden, shown = (identify(line.format(norm)).found for norm in ("nan", "0.0"))
    assert hidden.answers[0].cause is Cause.HIDDEN_NAN
    assert shown.answers[0].cause is Cause.SURE
    assert "0.0 is logged in its place" in verdict(hidden)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Epoch 1 loss 2.3026 acc 0.10", "ln 10"),
        (KERAS, "ln 10"),
        ("1875/1875 ━━━━ 5s 2ms/step - accuracy: 0.1000 - loss: 14.5063", "0.9 × 16.1181"),
        (CAFFE, "about ln 1,000"),
        ("step 0: train loss 10.9886, val loss 10.9898", "about ln 50,257"),
        ("{'loss': 10.9021, 'grad_norm': 1.5, 'learning_rate': 5e-05, 'epoch': 0.01}", "about ln 50,257"),
        ("loss 0.0, eval loss nan", "The mean of nothing"),
        ("nan, step 300, fp16", "Overflow"),
        ("perplexity nan", "0 · log 0"),
        ("50257 perplexity", "the perplexity of 50,257 equally likely classes"),
        ("4.605 (n = 100)", "ln 100"),
        ("8 x too large, 18.42", "−ln 1e-8"),
        ("Iteration 0, loss = 2.30264\nIteration 100, loss = nan", "0 · log 0"),
        ("[11.6250, 9.3750, 4.8438, 4.5000]", "a multiple of 1/16, bfloat16’s step there"),
        ("| epoch 001 | loss 15.32 | nll_loss 15.6171 | ppl 50000.3 | wps 12", "about log₂ 50,257"),
        ("word_ppl 8.792073612124492, byte_ppl 1.5015845643537054, bits/byte .5864857250704371", ""),
    ],
)
def test_a_line_is_answered_by_the_number_that_tells_most(text, first):
    found = identify(text).found
    assert (told(found.answers[0], found).title if found.answers else "") == first


def test_the_number_that_is_taken_is_named_and_can_be_another():
    by_itself = identify(KERAS)
    assert [option_label(option) for option in by_itself.options] == ["loss: 2.3026", "val_loss: 2.3025"]
    assert by_itself.option.key == "loss.only"
    chosen = identify(KERAS, take="val_loss.only")
    assert (chosen.option.series.name, chosen.found.number.value) == ("val_loss", 2.3025)
    assert identify(KERAS, take="nothing.of-that").option == by_itself.option


def test_of_a_series_first_last_lowest_and_highest_can_be_taken():
    text = "\n".join(f"step {i} loss {value}" for i, value in enumerate([10.9, 12.5, 3.1, 3.4]))
    told_of = identify(text)
    assert [option.which for option in told_of.options] == [Which.FIRST, Which.LAST, Which.LOWEST, Which.HIGHEST]
    assert told_of.option.which is Which.FIRST
    assert told_of.option.context.moment is Moment.FIRST


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("step 0: train loss 10.95", Moment.FIRST),
        ("{'loss': 10.9021, 'epoch': 0.01}", Moment.FIRST),
        ("Epoch 1 loss 2.3026 acc 0.10", Moment.UNKNOWN),
        ("step 5000 loss 2.3026", Moment.UNKNOWN),
        ("loss 2.3026", Moment.UNKNOWN),
    ],
)
def test_a_first_step_is_a_start_and_a_whole_epoch_is_none(text, moment):
    assert identify(text).option.context.moment is moment


def test_a_constant_series_is_one_number():
    told_of = identify("\n".join(f"epoch {i} loss {2.3026 + 1e-4 * (i % 2):.4f}" for i in range(9)))
    (option,) = told_of.options
    assert option.which is Which.CONSTANT
    assert [seen.sign for seen in told_of.seen] == [Sign.CONSTANT]
    assert told(told_of.found.answers[0], told_of.found).title == "ln 10"


def test_a_loss_that_rises_while_accuracy_does_too_is_said_to():
    text = "\n".join(
        f"val_loss: {loss} - val_accuracy: {acc}" for loss, acc in [(0.419, 0.88), (0.5, 0.885), (0.91, 0.89)]
    )
    (seen,) = identify(text).seen
    assert seen.sign is Sign.RISES_WITH_ACCURACY
    assert sign_told(seen).startswith("val_loss rises from 0.419 to 0.91 while val_accuracy does not fall")


def test_a_series_that_breaks_is_told_with_the_last_number_before():
    told_of = identify("loss 0.5\nloss 0.4\nloss nan\nloss nan")
    assert (told_of.option.which, told_of.option.index) == (Which.BROKEN, 2)
    assert [sign_told(seen) for seen in told_of.seen] == ["loss becomes nan in line 3; the number before it is 0.4."]


def test_a_series_that_is_broken_from_the_start_is_said_to_be():
    (seen,) = identify("loss nan\nloss 0.4").seen
    assert sign_told(seen) == "loss is nan from its first number on, in line 1."


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("loss: 3.2958 ppl: 27.0", Sign.PERPLEXITY_OF_NATS),
        ("loss: 4.7549 ppl: 27.0", Sign.PERPLEXITY_OF_BITS),
        ('{"byte_perplexity": 1.5015845643537054, "bits_per_byte": 0.5864857250704371}', Sign.BITS_OF_PERPLEXITY),
        ("bpb 1.0 byte_ppl 2.718", Sign.BASES_MIXED),
        ("train_loss 21.1898 eval_loss 10.5949", Sign.MULTIPLE),
    ],
)
def test_what_holds_between_two_numbers_is_said(text, sign):
    assert sign in [seen.sign for seen in identify(text).seen]


def test_numbers_on_bfloat16s_grid_are_taken_for_bfloat16():
    told_of = identify("\n".join(f"loss: {value}" for value in ("11.6250", "9.3750", "4.8438", "4.5000")))
    assert Sign.ON_A_GRID in [seen.sign for seen in told_of.seen]
    assert told_of.option.context.precision is Precision.BFLOAT16
    assert told_of.found.status is Status.IDENTIFIED


def test_perplexity_and_bits_are_measured_as_such():
    assert identify("ppl 50257").option.context.measure is Measure.PERPLEXITY
    assert identify("bpb: 0.97").option.context.measure is Measure.BITS
    assert identify("ppl 50257").found.nats == pytest.approx(math.log(50257))


def log_of(lines):
    line = "Epoch [{}/10000], Step [100/600], Loss: {:.4f}, acc: {:.3f}, lr: 0.001, time: 1.2s"
    return "\n".join(line.format(i, 2.3 + 1 / (i + 1), i / 1e4) for i in range(lines))


def test_a_log_of_10_000_lines_is_read_whole():
    assert len(identify(log_of(10_000)).log.losses[0].texts) == 10_000


PIECES = ["a.b/c-d@e ", "a.b/c-d@e " * 39 + "1\n", "loss: [", "x=1,", "[", "1 ", "a\n", log_of(100)]
PIECES += ["9", "loss  x\n1 2\n"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_four_times_as_long_takes_few_times_as_much(piece):
    def processor_time(length):
        text = (piece * (length // len(piece) + 1))[: length - 2] + "x"
        began = process_time()
        with contextlib.suppress(ValueError):
            identify(text)
        return process_time() - began

    assert processor_time(LONGEST // 4) < 10 * processor_time(LONGEST // 16) + 0.03


@pytest.mark.parametrize("text", ["", "loss", "abc", "1e999", "2,302", "<b>", "x" * (LONGEST + 1)])
def test_a_text_without_a_number_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="expected"):
        read_log(text)


SIGNS = "- : = [ ] { } ' , | % − ∞ ٣ )"
PIECES = "loss val_loss acc nan inf 0.1 2.3026 1e-7 1e400 ppl bits epoch 1/10 tensor("
WORDS = st.sampled_from([*f"{SIGNS} {PIECES}".split(), "\n", "\t", "\0", "\ud800", "9" * 400])


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=200) | st.lists(WORDS, max_size=60).map(" ".join) | st.lists(WORDS, max_size=60).map("".join))
def test_a_hostile_paste_gets_a_sentence(text):
    with contextlib.suppress(ValueError):
        told_of = identify(text)
        assert verdict(told_of.found).endswith(".")
        assert all(option_label(option) for option in told_of.options)
        assert all(sign_told(seen).endswith((".", "?")) for seen in told_of.seen)
        assert len({option.key for option in told_of.options}) == len(told_of.options)


def test_zero_and_nan_together_are_a_batch_without_labels():
    assert identify("train_loss 0.0 eval_loss nan").found.answers[0].cause is Cause.MEAN_OF_NOTHING


def test_columns_without_names_are_not_compared_with_one_another():
    rows = "0.6931 1.3863\n0.6930 1.3860\n0.6929 1.3858"
    assert not [seen for seen in identify(rows).seen if seen.sign is Sign.MULTIPLE]
    assert [seen for seen in identify(f"loss total_loss\n{rows}").seen if seen.sign is Sign.MULTIPLE]
