"""What stands between the network and Streamlit: who may come in, who it is, how much one may bring, and the page itself."""
