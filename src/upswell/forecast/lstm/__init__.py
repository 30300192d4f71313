"""The LSTM: network, training, inference."""
