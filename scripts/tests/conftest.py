"""One thread: the tensors of these tests are too small for more, and busy machines punish waiting threads."""

import torch

torch.set_num_threads(1)
