"""Training of small models on rendered pairs; run its programs as modules from the folder above: `python -m train.training`."""
